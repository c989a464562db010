"""What comes after pretraining: label units, up-down, a classifier, and the models a DBN is compared with.

A stage with 0 epochs is left out.
"""

from typing import Literal

from dbn_core.config.field import Group, field


class LabelsConfig(Group):
    """Label units in the top RBM, and which labels a classifier may see."""

    joint: bool = field(
        False,
        "Show the top RBM a one-hot label beside the features: it then classifies by its free energy, and dreams "
        "images of a wanted class.",
        label="Label units",
    )
    draw: int = field(
        0,
        "Which draw of labelled images a classifier or hybrid on few labels sees: one draw alone says little.",
        ge=0,
        le=1000,
        label="Draw of labels",
    )


class UpDownConfig(Group):
    """Up-down fine-tuning (contrastive wake-sleep) of the whole generative model."""

    epochs: int = field(
        0,
        "Passes of up-down fine-tuning after pretraining; 0 leaves it out.",
        unit="epochs",
        ge=0,
        le=10_000,
        label="Up-down epochs",
    )
    learning_rate: float = field(
        0.05, "Step size of up-down fine-tuning; it falls to 0 linearly.", live=True, gt=0, le=10, label="Up-down rate"
    )
    k: int = field(
        3,
        "Gibbs steps of the top RBM at the start of up-down fine-tuning; they grow to 10 over it.",
        unit="steps",
        live=True,
        ge=1,
        le=100,
        label="Up-down k",
    )


class FinetuneConfig(Group):
    """A classifier on the features: a linear head, trained alone or together with all layers."""

    epochs: int = field(
        0,
        "Passes of training the classifier; 0 leaves it out.",
        unit="epochs",
        ge=0,
        le=10_000,
        label="Classifier epochs",
    )
    mode: Literal["global", "frozen"] = field(
        "global", "global: all layers learn. frozen: only the linear head on top of the features does.", label="Mode"
    )
    labels: int | None = field(
        None,
        "How many labelled images to use, as many of each class; empty means all of them.",
        unit="images",
        ge=1,
        label="Labelled images",
    )
    optimiser: Literal["adamw", "sgd"] = field(
        "adamw", "adamw: adapts the step of every weight. sgd: with momentum 0.9.", label="Optimiser"
    )
    learning_rate: float = field(
        1e-3,
        "Step size of the classifier; it falls to 0 along a cosine. About 0.001 for adamw, 0.05 for sgd.",
        live=True,
        gt=0,
        le=10,
        label="Classifier rate",
    )
    weight_decay: float = field(
        1e-4, "Pull of the weights to zero, inside the learning rate.", live=True, ge=0, le=1, label="Classifier decay"
    )
    dropout: float = field(
        0.2, "Share of the hidden units left out at random in each update.", ge=0, lt=1, label="Dropout"
    )
    input_dropout: float = field(
        0.0,
        "Share of the pixels left out at random in each update (only with mode global).",
        ge=0,
        lt=1,
        label="Dropout of pixels",
    )
    max_norm: float | None = field(
        None,
        "Greatest length of the weights into a hidden unit, enforced after each update (only with mode global); empty: "
        "no limit. With dropout, 3 or 4 lets the rate be larger.",
        live=True,
        gt=0,
        le=100,
        label="Max-norm",
    )
    label_smoothing: float = field(
        0.0,
        "Share of the wanted probability that is spread over all classes, so that no image asks for certainty.",
        live=True,
        ge=0,
        lt=1,
        label="Label smoothing",
    )
    patience: int | None = field(
        None,
        "Stop when the error on a tenth of the training images, kept apart for this, has not fallen for so many "
        "epochs, and keep the best weights; empty: no early stop.",
        unit="epochs",
        ge=1,
        le=1000,
        label="Patience",
    )


class VaeConfig(Group):
    """A variational autoencoder on the same images."""

    epochs: int = field(
        0, "Passes of training a VAE; 0 leaves it out.", unit="epochs", ge=0, le=10_000, label="VAE epochs"
    )
    hidden: int = field(
        500, "Hidden units of its encoder and of its decoder.", unit="units", ge=1, le=20_000, label="VAE hidden units"
    )
    latent: int = field(20, "Latent dimensions.", unit="dimensions", ge=1, le=1000, label="Latent dimensions")
    learning_rate: float = field(1e-3, "Step size of Adam.", live=True, gt=0, le=1, label="VAE rate")


class HybridConfig(Group):
    """A convolutional network on the features of the DBN, or on the images alone."""

    epochs: int = field(
        0, "Passes of training the hybrid; 0 leaves it out.", unit="epochs", ge=0, le=10_000, label="Hybrid epochs"
    )
    inputs: Literal["features", "images", "both"] = field(
        "both",
        "What the CNN sees. features: the top features of the DBN as learned maps. images: the images alone. both.",
        label="Input of the CNN",
    )
    labels: int | None = field(
        None,
        "How many labelled images to use, as many of each class; empty means all of them.",
        unit="images",
        ge=1,
        label="Labelled images of the hybrid",
    )
    learning_rate: float = field(1e-3, "Step size of AdamW.", live=True, gt=0, le=1, label="Hybrid rate")


FEW_LABELS_METHODS = ("frozen", "global", "scratch")
FEW_LABELS_SIZES = 5  # numbers of labels, from ten of each class to all


class FewLabelsConfig(Group):
    """The experiment "error against number of labels"; each of its trainings counts as an epoch of its stage.

    frozen: the head alone on pretrained layers. global: pretrained layers that learn on. scratch: the same net without
    pretraining. All with the settings of `finetune` but for its epochs, mode, labels and patience.
    """

    seeds: int = field(
        0,
        "How often to repeat every training of the experiment, each time with other labelled images; 0 leaves it out.",
        unit="seeds",
        ge=0,
        le=50,
        label="Few labels: seeds",
    )
    updates: int = field(
        2000,
        "Updates of every training of the experiment, the same number whatever the labels.",
        unit="updates",
        ge=1,
        le=1_000_000,
        label="Few labels: updates",
    )

    @property
    def epochs(self) -> int:
        """Trainings in all: seeds x numbers of labels x methods."""
        return self.seeds * FEW_LABELS_SIZES * len(FEW_LABELS_METHODS)


class LikelihoodConfig(Group):
    """The log-likelihood during training."""

    every: int | None = field(
        None,
        "Estimate the log-likelihood of held-out images after every so many epochs of the top layer; empty: never. "
        "It takes seconds each time.",
        unit="epochs",
        live=True,
        ge=1,
        le=10_000,
        label="Likelihood every",
    )
    chains: int = field(100, "Annealing chains.", unit="chains", live=True, ge=2, le=10_000, label="Annealing chains")
    temperatures: int = field(
        1000,
        "Annealing temperatures; more make the estimate tighter.",
        unit="temperatures",
        live=True,
        ge=2,
        le=1_000_000,
        label="Annealing temperatures",
    )


class EvaluationConfig(Group):
    """What a run measures of itself once it is trained."""

    at_end: bool = field(
        False,
        "When training is done, evaluate on the held-out images: log-likelihood, errors of classifiers, quality of "
        "samples. It takes minutes.",
        label="Evaluate at the end",
    )
