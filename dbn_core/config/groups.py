"""What comes after pretraining: label units, up-down, a classifier, and the models a DBN is compared with.

A stage with 0 epochs is left out.
"""

from typing import Literal

from dbn_core.config.field import Group, field


class LabelsConfig(Group):
    """Label units in the top RBM, and which labels a classifier may see."""

    joint: bool = field(False, label="Label units")
    """Show the top RBM a one-hot label beside the features: it then classifies by its free energy, and dreams images of
    a wanted class.
    """
    draw: int = field(0, label="Draw of labels", ge=0, le=1000)
    """Which draw of labelled images a classifier or hybrid on few labels sees: one draw alone says little."""


class UpDownConfig(Group):
    """Up-down fine-tuning (contrastive wake-sleep) of the whole generative model."""

    epochs: int = field(0, label="Up-down epochs", unit="epochs", ge=0, le=10_000)
    """Passes of up-down fine-tuning after pretraining; 0 leaves it out."""
    learning_rate: float = field(0.05, label="Up-down rate", live=True, gt=0, le=10)
    """Step size of up-down fine-tuning; it falls to 0 linearly."""
    k: int = field(3, label="Up-down k", unit="steps", live=True, ge=1, le=100)
    """Gibbs steps of the top RBM at the start of up-down fine-tuning; they grow to 10 over it."""


class FinetuneConfig(Group):
    """A classifier on the features: a linear head, trained alone or together with all layers."""

    epochs: int = field(0, label="Classifier epochs", unit="epochs", ge=0, le=10_000)
    """Passes of training the classifier; 0 leaves it out."""
    mode: Literal["global", "frozen"] = field("global", label="Mode")
    """global: all layers learn. frozen: only the linear head on top of the features does."""
    labels: int | None = field(None, label="Labelled images", unit="images", ge=1)
    """How many labelled images to use, as many of each class; empty means all of them."""
    optimiser: Literal["adamw", "sgd"] = field("adamw", label="Optimiser")
    """adamw: adapts the step of every weight. sgd: with momentum 0.9."""
    learning_rate: float = field(1e-3, label="Classifier rate", live=True, gt=0, le=10)
    """Step size of the classifier; it falls to 0 along a cosine. About 0.001 for adamw, 0.05 for sgd."""
    weight_decay: float = field(1e-4, label="Classifier decay", live=True, ge=0, le=1)
    """Pull of the weights to zero, inside the learning rate."""
    dropout: float = field(0.2, label="Dropout", ge=0, lt=1)
    """Share of the hidden units left out at random in each update."""
    input_dropout: float = field(0.0, label="Dropout of pixels", ge=0, lt=1)
    """Share of the pixels left out at random in each update (only with mode global)."""
    max_norm: float | None = field(None, label="Max-norm", live=True, gt=0, le=100)
    """Greatest length of the weights into a hidden unit, enforced after each update (only with mode global); empty: no
    limit. With dropout, 3 or 4 lets the rate be larger.
    """
    label_smoothing: float = field(0.0, label="Label smoothing", live=True, ge=0, lt=1)
    """Share of the wanted probability that is spread over all classes, so that no image asks for certainty."""
    patience: int | None = field(None, label="Patience", unit="epochs", ge=1, le=1000)
    """Stop when the error on a tenth of the training images, kept apart for this, has not fallen for so many epochs,
    and keep the best weights; empty: no early stop.
    """


class VaeConfig(Group):
    """A variational autoencoder on the same images."""

    epochs: int = field(0, label="VAE epochs", unit="epochs", ge=0, le=10_000)
    """Passes of training a VAE; 0 leaves it out."""
    hidden: int = field(500, label="VAE hidden units", unit="units", ge=1, le=20_000)
    """Hidden units of its encoder and of its decoder."""
    latent: int = field(20, label="Latent dimensions", unit="dimensions", ge=1, le=1000)
    """Latent dimensions."""
    learning_rate: float = field(1e-3, label="VAE rate", live=True, gt=0, le=1)
    """Step size of Adam."""


class HybridConfig(Group):
    """A convolutional network on the features of the DBN, or on the images alone."""

    epochs: int = field(0, label="Hybrid epochs", unit="epochs", ge=0, le=10_000)
    """Passes of training the hybrid; 0 leaves it out."""
    inputs: Literal["features", "images", "both"] = field("both", label="Input of the CNN")
    """What the CNN sees. features: the top features of the DBN as learned maps. images: the images alone. both."""
    labels: int | None = field(None, label="Labelled images of the hybrid", unit="images", ge=1)
    """How many labelled images to use, as many of each class; empty means all of them."""
    learning_rate: float = field(1e-3, label="Hybrid rate", live=True, gt=0, le=1)
    """Step size of AdamW."""


FEW_LABELS_METHODS = ("frozen", "global", "scratch")
FEW_LABELS_SIZES = 5  # numbers of labels, from ten of each class to all


class FewLabelsConfig(Group):
    """The experiment "error against number of labels"; each of its trainings counts as an epoch of its stage.

    frozen: the head alone on pretrained layers. global: pretrained layers that learn on. scratch: the same net without
    pretraining. All with the settings of `finetune` but for its epochs, mode, labels and patience.
    """

    seeds: int = field(0, label="Few labels: seeds", unit="seeds", ge=0, le=50)
    """How often to repeat every training of the experiment, each time with other labelled images; 0 leaves it out."""
    updates: int = field(2000, label="Few labels: updates", unit="updates", ge=1, le=1_000_000)
    """Updates of every training of the experiment, the same number whatever the labels."""

    @property
    def epochs(self) -> int:
        """Trainings in all: seeds x numbers of labels x methods."""
        return self.seeds * FEW_LABELS_SIZES * len(FEW_LABELS_METHODS)


class LikelihoodConfig(Group):
    """The log-likelihood during training."""

    every: int | None = field(None, label="Likelihood every", unit="epochs", live=True, ge=1, le=10_000)
    """Estimate the log-likelihood of held-out images after every so many epochs of the top layer; empty: never. It
    takes seconds each time.
    """
    chains: int = field(100, label="Annealing chains", unit="chains", live=True, ge=2, le=10_000)
    """Annealing chains."""
    temperatures: int = field(1000, label="Annealing temperatures", unit="temperatures", live=True, ge=2, le=1_000_000)
    """Annealing temperatures; more make the estimate tighter."""


class EvaluationConfig(Group):
    """What a run measures of itself once it is trained."""

    at_end: bool = field(False, label="Evaluate at the end")
    """When training is done, evaluate on the held-out images: log-likelihood, errors of classifiers, quality of
    samples. It takes minutes.
    """
