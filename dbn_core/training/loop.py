"""The one training loop. Read `train` from top to bottom to know what happens in an update, an epoch, a stage.

It knows no model and no store: a learner learns, the recorder is told, the control is asked.
"""

import time
from dataclasses import replace
from typing import Literal

import torch

from dbn_core.config import RunConfig
from dbn_core.records import Checkpoint, Position, Progress, RunStatus
from dbn_core.training.batches import Batches, Stretch
from dbn_core.training.checkpoints import Cursor, Resumption, pack
from dbn_core.training.divergence import diverged
from dbn_core.training.drafts import Delivery, Draft
from dbn_core.training.learners.learner import Learner, Values
from dbn_core.training.pace import Pace, Stopwatch
from dbn_core.training.plan import Plan, Stage
from dbn_core.training.ports import Control, Recorder
from dbn_core.training.steering import Steering
from dbn_core.training.whereabouts import Whereabouts


def train(
    learner: Learner,
    plan: Plan,
    config: RunConfig,
    recorder: Recorder,
    control: Control,
    resumption: Resumption | None = None,
    park_after: float | None = None,
) -> RunStatus:
    """Train to the end of the plan: DONE; or until told to stop: STOPPED; or paused for `park_after` seconds: PAUSED.

    A parked run holds no worker; it goes on from its checkpoint when a command comes.

    Raises DivergedError when parameters are no longer finite; checkpoints recorded before that are all good.
    With a resumption it goes on exactly where that was saved: bit for bit the same on the CPU.

    How an update of an RBM travels from the loop (`_Session._stage`) to the parameters:

        StagedLearner.learn         learners/relay.py         a stretch of updates, in the precision of the run
        ContrastiveLearner.step     learners/contrastive.py   one batch, with the rates of its moment
        ContrastiveLearner._update  learners/contrastive.py   labels joined to the features, where there are any
        LayerTraining.learn         rules/layer.py            both phases, from the estimator of `training.method`
        apply_update                rules/update.py           parameters and velocity move, in place

    On a CUDA device, in the place of `step`:

        Repeater.make               learners/captured.py      the stretch cut into lengths that are recorded
        Repeater._repeat            learners/captured.py      replayed as a graph, or recorded first
        Repeater._updates           learners/captured.py      what is recorded: batches taken, updates made

    Stages that learn by gradient descent go from `learn` to their own `step` and from there to `Descent.step`.
    """
    return _Session(learner, plan, config, recorder, control, resumption, park_after).run()


class _Session:
    """One call of `train`: the loop's variables, and the looks it takes."""

    def __init__(
        self,
        learner: Learner,
        plan: Plan,
        config: RunConfig,
        recorder: Recorder,
        control: Control,
        resumption: Resumption | None,
        park_after: float | None,
    ) -> None:
        self.park_after = park_after
        self.paused_since: float | None = None
        self.learner, self.plan, self.recorder = learner, plan, recorder
        self.delivery = Delivery(recorder.snapshot, learner.copier)
        self.resumption = resumption = plan.place(resumption) if resumption else None
        self.steering = Steering(config, control, paused=resumption is not None and resumption.paused)
        cursor = resumption.cursor if resumption else Cursor()
        self.where = Whereabouts(cursor, plan.stages[min(cursor.stage, len(plan.stages) - 1)])
        self.watch = Stopwatch(plan.cadence)
        self.pace = Pace()
        self.saved: tuple[Cursor, bool] | None = (cursor, self.steering.paused) if resumption else None

    @torch.no_grad()
    def run(self) -> RunStatus:
        try:
            return self._stages()
        finally:
            self.delivery.flush()  # also what was seen before a failure

    def _stages(self) -> RunStatus:
        remaining = self.plan.stages[self.where.cursor.stage :]
        if self.resumption is not None and not remaining:
            self.learner.restore(self.resumption.tensors)
        for stage in remaining:
            if not self._stage(stage):
                self._save("latest")
                return RunStatus.STOPPED if self.steering.stopped else RunStatus.PAUSED
        return RunStatus.DONE

    def _stage(self, stage: Stage) -> bool:
        """Train one stage from the cursor on; False if told to stop, or parked."""
        learner, where = self.learner, self.where
        batches = self._begin(stage)
        for epoch in range(where.cursor.epoch, stage.epochs):
            if where.at_epoch_end and epoch > 0 and learner.is_done():
                break
            order = batches.order(epoch)
            while where.cursor.epoch == epoch:
                if not self._gate():
                    return False
                stretch = Stretch(batches, order, epoch, where.cursor.batch, self._updates_in_one_go())
                with self.watch.training():
                    learner.learn(stretch)
                where.advance(stretch.count)
                self.watch.trained(len(stretch.cases), stretch.count)
                if where.at_epoch_end:
                    self._settle()
                    learner.end_epoch(where.cursor.epoch)
                self._after_updates()
        where.end_stage()
        self._save("stage")
        return True

    def _begin(self, stage: Stage) -> Batches:
        """The learner at the start of a stage, looked at and saved; or where a resumption left it."""
        learner = self.learner
        learner.configure(self.steering.config)
        resumption, self.resumption = self.resumption, None
        if resumption is not None:
            learner.restore(resumption.tensors)
        batches = learner.begin(stage)
        self.where.begin(stage, batches.count)
        if resumption is not None and resumption.begun:
            learner.restore_stage(resumption.tensors)
        else:
            self._look(picture=True, diagnosis=True)
            self._save("latest")
        return batches

    # -- before updates ---------------------------------------------------------------------------------------------

    def _gate(self) -> bool:
        """Obey commands, wait while paused or in slow motion; False if told to stop, or paused for long."""
        while True:
            if self.delivery.deliver():
                self._report()
            if self.steering.obey(self.where.position):
                self.learner.configure(self.steering.config)
            if self.steering.stopped:
                return False
            if self.steering.may_go_on():
                self.paused_since = None
                if self.steering.stepping or self.pace.is_due(self.steering.config.updates_per_second):
                    return True
                self.steering.wait(self.pace.seconds_to_wait)
            else:
                if self.delivery.flush():
                    self._report()
                if self.saved != (self.where.cursor, True):
                    self._save("latest")
                if self._has_paused_for_long():
                    return False
                self.steering.wait()
            self._report()

    def _has_paused_for_long(self) -> bool:
        self.paused_since = self.paused_since or time.monotonic()
        return self.park_after is not None and time.monotonic() - self.paused_since >= self.park_after

    def _updates_in_one_go(self) -> int:
        """As many as fit in before the loop has something else to do, so that it looks, saves and obeys as it should.

        What is learnt does not depend on it: a stretch is its updates, one after the other.
        """
        where, steering = self.where, self.steering
        if steering.config.updates_per_second is not None:
            return 1
        spare = self.watch.updates_to_spare(where.updates_done, dense=self._is_dense)
        ahead = steering.horizon(where.position)
        return min(spare, where.updates - where.cursor.batch, spare if ahead is None else ahead)

    # -- after updates ----------------------------------------------------------------------------------------------

    def _after_updates(self) -> None:
        where, watch = self.where, self.watch
        stepping = self.steering.stepping
        self.steering.updated(epoch_ended=where.at_epoch_end)
        speed = self.steering.config.updates_per_second
        slow = stepping or (speed is not None and speed * watch.cadence.first_epoch_seconds <= 1)
        if slow or where.at_epoch_end or watch.look_is_due(where.updates_done, dense=self._is_dense):
            last = where.at_stage_end
            picture = slow or last or not where.at_epoch_end or watch.picture_is_due(self.plan.epochs)
            self._look(
                picture=picture,
                diagnosis=last or (picture and watch.diagnosis_is_due()),
                score=where.cursor.epoch if where.at_epoch_end else 0,
            )
        if where.at_epoch_end and not where.at_stage_end:  # the stage's own end follows the last epoch's
            self._save("epoch")
        elif watch.checkpoint_is_due():
            self._save("latest")
        if watch.report_is_due():
            self._report()

    @property
    def _is_dense(self) -> bool:
        """In the first epoch of a stage, where features form, and in slow motion."""
        slow_motion = self.steering.config.updates_per_second is not None
        return slow_motion or self.where.position.epoch - self.where.stage.first_epoch < 1

    def _look(self, *, picture: bool, diagnosis: bool, score: int = 0) -> None:
        """Measure, draw and diagnose, at the end of an epoch (`score` is its number) score as well.

        A model that is no longer finite ends the run here.
        """
        self._settle()
        if not self.plan.cadence.looks:
            self._check(self.where.position)
            return
        position, drafts = self.where.position, list[Draft]()
        with self.watch.looking.timed():
            values = self.learner.measure()
        if diagnosis and self.learner.is_finite():
            with self.watch.diagnosing.timed():
                drafts, numbers = self.learner.diagnose(position, spectra=True)
            values = _merged(values, numbers)
        if score and self.learner.is_finite():
            values = _merged(values, self.learner.score(score))
        for stage, numbers in values.items():
            self.recorder.metrics(replace(position, stage=stage), numbers)
        self._check(position)
        if picture:
            with self.watch.picturing.timed():
                pictures = self.learner.pictures(position)
            self.watch.pictured(sum(draft.size for draft in pictures))
            drafts += pictures
        self.delivery.send(drafts)
        self._report()

    def _settle(self) -> None:
        """Whatever the device still has to do is training's time, not that of the look which waits for it."""
        with self.watch.training():
            self.learner.settle()

    def _check(self, position: Position) -> None:
        if not self.learner.is_finite():
            raise diverged(position, self.steering.config)

    def _save(self, keep: Literal["latest", "epoch", "stage"]) -> None:
        """Record a checkpoint of the state before the next update."""
        if not self.plan.cadence.looks:
            return
        self._settle()
        self.delivery.flush()
        with self.watch.saving.timed():
            where, steering = self.where, self.steering
            self._check(where.position)
            paused = steering.paused and not steering.stopped
            resumption = Resumption(
                where.cursor,
                self.learner.state(),
                where.is_in_stage,
                paused,
                torch.get_num_threads(),
                where.stage.name,
                where.made,
            )
            self.saved = (where.cursor, paused)
            self.recorder.checkpoint(Checkpoint(where.position, pack(resumption), steering.config, keep))

    def _report(self) -> None:
        """Tell where training stands."""
        with self.watch.reporting.timed():
            self.recorder.progress(self._progress())

    def _progress(self) -> Progress:
        where = self.where
        rate = self.watch.images_per_second()
        remaining = (self.plan.epochs - where.position.epoch) * where.updates
        slow = self.steering.config.updates_per_second is not None or self.steering.paused
        left = None if slow or not rate else remaining * self.watch.seconds_per_update()
        return Progress(
            position=where.position,
            epochs=self.plan.epochs,
            stage_index=where.stage.index + 1,
            stage_count=len(self.plan.stages),
            images_per_second=rate,
            seconds_left=left,
            device=str(self.learner.device),
            paused=not self.steering.may_go_on(),
        )


def _merged(one: Values, other: Values) -> Values:
    return {stage: one.get(stage, {}) | other.get(stage, {}) for stage in {**one, **other}}
