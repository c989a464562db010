"""The contract of what is large: pictures and checkpoints come back byte for byte and stay bounded."""

import math
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import update

from dbn_core.errors import StoreError
from dbn_core.records import RunStatus, Snapshot
from dbn_core.store import CheckpointInfo, RunStore, RunWriter
from dbn_core.store import writer as writer_module
from dbn_core.store.schema import checkpoints, snapshots
from dbn_core.store.thinning import Bound
from tests.store.samples import at, checkpoint, picture, row_counts, steps


class TestPictures:
    def test_a_picture_comes_back_with_its_pixels(self, writer: RunWriter) -> None:
        sent = picture(13, "layer2")
        writer.write([], [sent])
        (info,) = writer.run.snapshots()
        read = writer.run.snapshot(info.id)
        assert read.info == info
        assert (info.position, info.shape, info.scale) == (at(13, "layer2"), (2, 3, 5), 13.25)
        assert (info.kind, info.projection) == ("filters", "weights")
        np.testing.assert_array_equal(read.pixels, sent.pixels)
        assert read.pixels.dtype == np.uint8

    def test_what_a_picture_shows_was_stored_in_words_by_older_versions(
        self, store: RunStore, writer: RunWriter
    ) -> None:
        words = {
            "linear combination": "linear_combination",
            "activation maximisation": "activation_maximisation",
            "clamp and sample down": "clamp_and_sample_down",
            "generative weights": "generative_weights",
            "decoder weights": "decoder_weights",
            "weights": "weights",
        }
        for step, stored in enumerate(words, 1):
            writer.write([], [picture(step)])
            with store._database.write() as connection:
                row = snapshots.c.id == writer.run.snapshots()[-1].id
                connection.execute(update(snapshots).where(row).values(projection=stored))
        listed = writer.run.snapshots()
        assert [info.projection for info in listed] == list(words.values())
        assert writer.run.snapshot(listed[1].id).info.projection == "activation_maximisation"
        latest = writer.run.latest_snapshot("filters")
        assert latest is not None
        assert latest.projection == "weights"

    def test_pixels_in_any_order_of_memory_come_back(self, writer: RunWriter) -> None:
        sent = picture(13)
        turned = Snapshot(sent.info, np.asfortranarray(sent.pixels))
        writer.write([], [turned])
        np.testing.assert_array_equal(writer.run.snapshot(writer.run.snapshots()[0].id).pixels, sent.pixels)

    def test_the_scale_of_a_diverged_layer_is_kept(self, writer: RunWriter) -> None:
        sent = picture(2)
        info = type(sent.info)("filters", at(2), (2, 3, 5), math.nan)
        writer.write([], [Snapshot(info, sent.pixels)])
        assert math.isnan(writer.run.snapshots()[0].scale)

    def test_they_are_listed_by_stage_kind_and_cursor(self, writer: RunWriter) -> None:
        writer.write([], [picture(2), picture(3, "layer2"), picture(5, "layer2", "reconstructions"), picture(7)])
        listed = writer.run.snapshots()
        assert steps(listed) == [2, 3, 5, 7]
        assert steps(writer.run.snapshots(after=listed[1].id)) == [5, 7]
        assert steps(writer.run.snapshots(stage="layer2")) == [3, 5]
        assert steps(writer.run.snapshots(after=listed[0].id, kind="filters")) == [3, 7]
        assert writer.run.latest_snapshot("filters") == listed[3]
        assert writer.run.latest_snapshot("filters", "layer2") == listed[1]
        assert writer.run.latest_snapshot("reconstructions", "layer1") is None

    def test_a_long_run_keeps_its_first_ones_its_latest_one_and_a_bounded_number(
        self, store: RunStore, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "SNAPSHOT_BOUND", Bound(count=20, size=10**9, first=4))
        writer.write([], [picture(1, "layer2"), picture(1, kind="reconstructions")])
        kept: list[int] = []
        for step in range(1, 121):
            if step == 57:
                writer = store.claim(writer.run.id, "after a restart")
            writer.write([], [picture(step)])
            kept = steps(writer.run.snapshots(stage="layer1", kind="filters"))
            assert len(kept) <= 20
            assert kept[: min(step, 4)] == list(range(1, min(step, 4) + 1))
            assert kept[-1] == step
        assert len(writer.run.snapshots(stage="layer2")) == len(writer.run.snapshots(kind="reconstructions")) == 1
        rows = row_counts(store)
        assert rows["dbn_snapshots"] == rows["dbn_snapshot_blobs"] == len(kept) + 2
        shown = [writer.run.snapshot(info.id).pixels[0, 0, 0] for info in writer.run.snapshots(kind="filters")[1:]]
        assert sorted(shown) == sorted(kept)

    def test_large_ones_are_bounded_by_their_bytes(self, writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer_module, "SNAPSHOT_BOUND", Bound(count=400, size=10 * 30, first=4))
        writer.write([], [picture(step) for step in range(1, 41)])
        kept = steps(writer.run.snapshots())
        assert 2 <= len(kept) <= 10
        assert (kept[0], kept[-1]) == (1, 40)

    def test_a_thinned_one_says_that_it_is_gone(self, writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer_module, "SNAPSHOT_BOUND", Bound(count=3, size=10**9, first=1))
        writer.write([], [picture(step) for step in (1, 2, 3)])
        middle = writer.run.snapshots()[1].id
        writer.write([], [picture(5)])
        with pytest.raises(StoreError, match="no picture"):
            writer.run.snapshot(middle)


class TestCheckpoints:
    def test_the_newest_one_or_the_one_asked_for_comes_back_byte_for_byte(self, writer: RunWriter) -> None:
        assert writer.run.checkpoint() is None
        payload = bytes(range(256)) * 3
        first = writer.save_checkpoint(checkpoint(2, "stage", payload))
        second = writer.save_checkpoint(checkpoint(3, "latest", b""))
        assert writer.run.checkpoint() == replace(checkpoint(3, "latest", b""), id=second)
        assert writer.run.checkpoint(first) == replace(checkpoint(2, "stage", payload), id=first)

    def test_one_larger_than_a_row_is_put_together_again(
        self, store: RunStore, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "_PART", 7)
        payload = bytes(range(83))
        writer.save_checkpoint(checkpoint(2, "epoch", payload))
        assert row_counts(store)["dbn_checkpoint_blobs"] == 12
        read = writer.run.checkpoint()
        assert read is not None
        assert read.payload == payload

    def test_latest_is_replaced_and_the_others_are_kept(self, store: RunStore, writer: RunWriter) -> None:
        for step, keep in enumerate(["latest", "epoch", "latest", "stage", "epoch", "latest", "stage"], start=1):
            writer.save_checkpoint(checkpoint(step, keep, bytes(step)))
        listed = writer.run.checkpoints()
        assert [(item.position.step, item.keep, item.size) for item in listed] == [
            (2, "epoch", 2),
            (4, "stage", 4),
            (5, "epoch", 5),
            (6, "latest", 6),
            (7, "stage", 7),
        ]
        assert row_counts(store)["dbn_checkpoint_blobs"] == 5

    def test_those_of_epochs_stay_within_their_budget_first_and_latest_among_them(
        self, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "CHECKPOINT_BOUND", Bound(count=10**6, size=1000, first=1))
        writer.save_checkpoint(checkpoint(1, "stage", bytes(5000)))
        kept: list[CheckpointInfo] = []
        for step in range(2, 60):
            writer.save_checkpoint(checkpoint(step, "epoch", bytes(97)))
            kept = [item for item in writer.run.checkpoints() if item.keep == "epoch"]
            assert sum(item.size for item in kept) <= 1000
            assert (kept[0].position.step, kept[-1].position.step) == (2, step)
        assert len(kept) >= 4
        assert writer.run.checkpoints()[0].keep == "stage"

    def test_one_that_was_replaced_says_that_it_is_gone(self, writer: RunWriter) -> None:
        first = writer.save_checkpoint(checkpoint(2))
        writer.save_checkpoint(checkpoint(3))
        with pytest.raises(StoreError, match="no checkpoint"):
            writer.run.checkpoint(first)

    def test_one_of_another_version_is_not_used(self, store: RunStore, writer: RunWriter) -> None:
        writer.save_checkpoint(checkpoint(2))
        with store._database.write() as connection:
            connection.execute(update(checkpoints).values(config='{"colour": "red"}'))
        with pytest.raises(StoreError, match="another version"):
            writer.run.checkpoint()


class TestTheNewestCheckpoint:
    def test_there_is_none_before_anything_was_saved(self, writer: RunWriter) -> None:
        assert writer.run.newest_checkpoint() is None
        with pytest.raises(StoreError, match="has not been saved yet"):
            writer.run.require_checkpoint()

    def test_an_id_that_was_given_while_the_run_trains_can_be_read_after_the_next_save(self, writer: RunWriter) -> None:
        writer.save_checkpoint(checkpoint(2, "epoch", b"two"))
        for step, keep in enumerate(("latest", "latest", "epoch", "latest", "stage", "latest", "latest"), start=3):
            given = writer.run.require_checkpoint()
            writer.save_checkpoint(checkpoint(step, keep))
            saved = writer.run.checkpoint(given.id)
            assert saved is not None
            assert saved.position == given.position
        assert steps(writer.run.lasting_checkpoints()) == [2, 5, 7]

    def test_in_the_first_epoch_there_is_nothing_better_than_the_latest(self, writer: RunWriter) -> None:
        newest = writer.save_checkpoint(checkpoint(3))
        assert writer.run.require_checkpoint().id == newest

    def test_of_a_run_that_has_ended_it_is_the_latest(self, writer: RunWriter) -> None:
        writer.save_checkpoint(checkpoint(2, "epoch"))
        newest = writer.save_checkpoint(checkpoint(3))
        writer.set_status(RunStatus.STOPPED)
        assert writer.run.require_checkpoint().id == newest

    def test_of_two_at_one_update_it_is_the_one_saved_last(self, writer: RunWriter) -> None:
        for keep in ("epoch", "stage"):
            newest = writer.save_checkpoint(checkpoint(3, keep))
            assert writer.run.require_checkpoint().id == newest
