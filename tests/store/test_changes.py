"""Whether anything was written, cheaply: what live pages wait for."""

from dbn_core.commands import Pause
from dbn_core.config import RunConfig
from dbn_core.store import Run, RunStore, RunWriter
from tests.store.samples import picture, point


def test_a_look_sees_each_commit_of_others_once(store: RunStore, url: str, run: Run, writer: RunWriter) -> None:
    with store.changes() as changes, RunStore(url) as elsewhere:
        assert changes.any()
        assert not changes.any()
        writer.write(metrics=[point(17)], snapshots=[picture(17)])
        assert changes.any()
        assert not changes.any()
        elsewhere.run(run.id).send(Pause())
        assert changes.any()
        assert not changes.any()


def test_new_and_deleted_runs_are_changes_too(store: RunStore) -> None:
    with store.changes() as changes:
        changes.any()
        run = store.create_run(RunConfig())
        assert changes.any()
        run.delete()
        assert changes.any()
        assert not changes.any()


def test_revisions_of_many_runs_come_in_one_question_and_without_those_that_are_gone(store: RunStore) -> None:
    first, second, third = (store.create_run(RunConfig()) for _ in range(3))
    first.rename("moved on")
    third.delete()
    revisions = store.revisions([first.id, second.id, third.id, "nobody"])
    assert revisions == {first.id: first.revision(), second.id: second.revision()}
    assert revisions[first.id] > revisions[second.id]
    assert store.revisions([]) == {}


def test_a_run_and_its_revision_are_read_at_one_moment(run: Run, writer: RunWriter) -> None:
    writer.write(metrics=[point(17)])
    assert run.info().revision == run.revision()
