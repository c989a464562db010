"""The contract of commands: many senders, one worker, an order that no reader can miss."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from typing import Any, cast

import pytest

from dbn_core.commands import Command, Pause, Resume, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig
from dbn_core.errors import StoreError
from dbn_core.records import Progress, RunStatus
from dbn_core.store import Run, RunStore, RunWriter
from dbn_core.store import run as run_module
from tests.store.samples import at

COMMANDS: list[Command] = [
    Pause(),
    Step("update"),
    Step("epoch"),
    Resume(),
    SetHyperparameter("training.learning_rate", 0.1 + 0.2),
    SetHyperparameter("training.k", 3),
    SetHyperparameter("training.clamp", None),
    SetHyperparameter("x", "nul\0 <b>"),
    SetHyperparameter("x", True),
    Stop(),
]


class TestCommands:
    def test_they_come_back_as_they_were_sent_and_in_that_order(self, writer: RunWriter) -> None:
        ids = [writer.run.send(command) for command in COMMANDS]
        records = writer.run.commands()
        assert [record.command for record in records] == COMMANDS
        assert [record.id for record in records] == ids == sorted(set(ids))
        assert all(record.position is None and record.sent_at.tzinfo is UTC for record in records)
        assert [record.command for record in writer.run.commands(after=ids[6])] == COMMANDS[7:]

    def test_an_acknowledged_one_says_where_it_took_effect_and_is_pending_no_more(self, writer: RunWriter) -> None:
        first, second, third = (writer.run.send(Step()) for _ in range(3))
        writer.acknowledge(second, at(19))
        writer.acknowledge(first, at(17), "k = -3 is not allowed")
        assert [record.id for record in writer.pending()] == [third]
        told = {record.id: (record.position, record.problem) for record in writer.run.commands()}
        assert told == {first: (at(17), "k = -3 is not allowed"), second: (at(19), ""), third: (None, "")}

    def test_pending_ones_wait_for_the_next_writer(self, store: RunStore, writer: RunWriter) -> None:
        sent = writer.run.send(Stop())
        assert [record.id for record in store.claim(writer.run.id, "next worker").pending()] == [sent]

    def test_those_to_repeat_are_the_ones_that_took_effect_from_a_step_on(self, writer: RunWriter) -> None:
        effects = {writer.run.send(Step()): step for step in (3, 5, 5, 7)}
        for command, step in effects.items():
            writer.acknowledge(command, at(step))
        writer.acknowledge(writer.run.send(Step()), at(11), "refused")
        writer.run.send(Step())
        ids = list(effects)
        assert [record.id for record in writer.acknowledged_after(5)] == ids[1:]
        assert [record.id for record in writer.acknowledged_after(0)] == ids
        assert writer.acknowledged_after(8) == []

    def test_only_a_command_of_this_run_can_be_acknowledged(self, store: RunStore, writer: RunWriter) -> None:
        sent = writer.run.send(Pause())
        other = store.claim(store.create_run(RunConfig()).id, "other")
        with pytest.raises(StoreError, match=f"no command {sent} to acknowledge"):
            other.acknowledge(sent, at(2))
        assert [record.id for record in writer.pending()] == [sent]

    @pytest.mark.parametrize("status", [status for status in RunStatus if status.is_finished])
    def test_a_finished_run_takes_none(self, writer: RunWriter, status: RunStatus) -> None:
        writer.set_status(status)
        with pytest.raises(StoreError, match=rf"'a run' is finished \({status}\).*Resume it first"):
            writer.run.send(Pause())
        assert writer.run.commands() == []
        writer.run.queue()
        assert writer.run.send(Pause()) > 0

    def test_those_that_a_run_no_longer_heeds_are_refused_when_it_ends(self, writer: RunWriter) -> None:
        writer.write(progress=Progress(at(23, "layer2")))
        heeded, late = writer.run.send(Stop()), writer.run.send(Stop())
        writer.acknowledge(heeded, at(23, "layer2"))
        writer.set_status(RunStatus.STOPPED)
        assert writer.pending() == []
        record = writer.run.commands(after=late - 1)[0]
        assert (record.position, record.problem) == (at(23, "layer2"), "the run ended before it took effect")

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_a_value_that_is_no_number_is_refused(self, run: Run, value: float) -> None:
        with pytest.raises(StoreError, match="finite number"):
            run.send(SetHyperparameter("training.learning_rate", value))
        assert run.commands() == []

    def test_one_of_another_version_is_named(self, store: RunStore, run: Run) -> None:
        with store._database.write() as connection:
            connection.execute(run_module._SEND, {"run": run._key, "message": '{"kind": "dance"}'})
        with pytest.raises(StoreError, match=r"dance.*another version"):
            run.commands()


class TestManySenders:
    def test_a_command_cannot_pass_one_that_was_sent_before_but_is_not_yet_visible(
        self, store: RunStore, run: Run
    ) -> None:
        # Else a reader would see the later id, go on after it, and never see the earlier one.
        later: list[int] = []
        sender = threading.Thread(target=lambda: later.append(run.send(Resume())))
        with store._database.write() as connection:
            connection.execute(run_module._TOUCH_UNFINISHED, {"at_run": run._key})
            earlier = connection.execute(
                run_module._SEND, {"run": run._key, "message": '{"kind": "pause"}'}
            ).scalar_one()
            sender.start()
            sender.join(0.2)
            assert run.commands() == []
            assert not later
        sender.join()
        assert [record.id for record in run.commands()] == [earlier, *later]

    def test_a_reader_that_goes_on_after_the_last_id_sees_each_once(self, run: Run) -> None:
        def send(sender: int) -> list[tuple[int, Any]]:
            return [
                (run.send(SetHyperparameter("x", value)), value) for value in range(sender * 100, sender * 100 + 25)
            ]

        seen: list[tuple[int, Any]] = []

        def read() -> None:
            new = run.commands(after=seen[-1][0] if seen else 0)
            seen.extend((record.id, cast("SetHyperparameter", record.command).value) for record in new)

        with ThreadPoolExecutor(5) as pool:
            sending = [pool.submit(send, sender) for sender in range(5)]
            while not all(future.done() for future in sending):
                read()
        read()
        assert seen == sorted(pair for future in sending for pair in future.result())
        assert len(seen) == 125
