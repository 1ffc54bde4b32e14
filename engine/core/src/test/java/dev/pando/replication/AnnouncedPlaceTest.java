package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnnouncedPlaceTest {

    private static final long KEPT = AnnouncedPlace.UNHEARD_KEPT.toNanos();

    @Test
    void whoBeginsToListenHearsWhatCameALittleBefore() {
        var place = new AnnouncedPlace(10, 0);
        place.passed(11, 1);
        place.passed(12, 2);
        place.heard(12, KEPT);
        assertThat(place.from(12)).isEqualTo(10);
    }

    @Test
    void whoBeginsToListenLaterHearsNothingOld() {
        var place = new AnnouncedPlace(10, 0);
        place.passed(11, 1);
        place.heard(11, 2 * KEPT);
        assertThat(place.from(11)).isEqualTo(11);
    }

    @Test
    void whatIsOldIsPassedOverWhileTheLogGoesOnGrowing() {
        var place = new AnnouncedPlace(0, 0);
        for (int second = 1; second <= 60; second++) {
            place.passed(second, second * 1_000_000_000L);
        }
        place.heard(60, 60_000_000_000L);
        assertThat(place.from(60)).isBetween(60 - 2 * KEPT / 1_000_000_000L, 60 - KEPT / 1_000_000_000L);
    }

    @Test
    void aSecondListenerTakesNothingFromTheFirst() {
        var place = new AnnouncedPlace(10, 0);
        place.passed(20, 1);
        assertThat(place.from(20)).isEqualTo(10);
        place.heard(30, 100 * KEPT);
        assertThat(place.isAt(30)).isFalse();
        assertThat(place.from(30)).isEqualTo(10);
    }

    @Test
    void announcingNeverLagsByMoreThanItsQueue() {
        var place = new AnnouncedPlace(0, 0);
        assertThat(place.from(1_000_000)).isEqualTo(1_000_000 - AnnouncedPlace.LAG_MAX);
    }
}
