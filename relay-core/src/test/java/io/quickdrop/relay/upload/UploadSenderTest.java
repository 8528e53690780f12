package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Goodbye;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client's end does. */
class UploadSenderTest {
    private static final Duration PATIENCE = SenderScene.CONFIG.answerPatience();

    private final SenderScene scene = new SenderScene();

    @Test
    void bytesFollowTheAnswerToStart() {
        assertThat(scene.connected()).containsExactly("start");
        assertThat(scene.produced(6)).isEmpty();
        assertThat(scene.started(0)).containsExactly("flowing", "chunk 0+4", "chunk 4+2");
        assertThat(scene.produced(7)).containsExactly("chunk 6+1");
    }

    @Test
    void acknowledgedBytesAreForgottenAndOnlyThey() {
        scene.sending(8);
        assertThat(scene.progress(0)).isEmpty();
        assertThat(scene.progress(4)).containsExactly("forget 4");
        assertThat(scene.progress(3)).as("an old one").isEmpty();
        assertThat(scene.progress(8)).containsExactly("forget 8");
    }

    @Test
    void noMoreIsSentThanTheSocketBears() {
        scene.connected();
        scene.started(0);
        assertThat(scene.produced(16)).containsExactly("chunk 0+4", "chunk 4+4", "chunk 8+4");
        assertThat(scene.sender.waitsForSocket()).isTrue();
        assertThat(scene.drained()).containsExactly("chunk 12+4");
        assertThat(scene.sender.waitsForSocket()).isFalse();
    }

    @Test
    void noMoreIsSentThanTheWindowBears() {
        scene.sending(100);
        scene.drained();
        assertThat(scene.drained()).isEmpty();
        assertThat(scene.sender.sentBytes()).isEqualTo(20);
        assertThat(scene.progress(5)).containsExactly("forget 5", "chunk 20+4", "chunk 24+1");
    }

    /** Bytes in flight at a cut: what was sent and not acknowledged is sent again, from where the server says. */
    @Test
    void afterACutItContinuesExactlyWhereTheServerSays() {
        scene.sending(12);
        scene.progress(4);
        assertThat(scene.disconnected()).isEmpty();
        assertThat(scene.connected()).containsExactly("resume");
        assertThat(scene.started(7)).containsExactly("forget 7", "flowing", "chunk 7+4", "chunk 11+1");
    }

    @Test
    void lostAcknowledgementsAreMadeUpForByTheNextAnswer() {
        scene.sending(12);
        scene.disconnected();
        scene.connected();
        assertThat(scene.started(12)).containsExactly("forget 12", "flowing");
    }

    @Test
    void aStopWhileOfflineIsSentWhenThereIsAConnection() {
        scene.sending(6);
        scene.disconnected();
        assertThat(scene.produced(8)).isEmpty();
        assertThat(scene.ended()).isEmpty();
        assertThat(scene.connected()).containsExactly("resume");
        assertThat(scene.started(6)).containsExactly("forget 6", "flowing", "chunk 6+2", "end 8");
    }

    @Test
    void anEndIsSaidOnlyBehindTheLastByte() {
        scene.sending(24);
        assertThat(scene.ended()).isEmpty();
        assertThat(scene.drained()).containsExactly("chunk 12+4", "chunk 16+4");
        assertThat(scene.progress(20))
                .as("the socket is said to be full")
                .containsExactly("forget 20", "chunk 20+4", "end 24");
    }

    @Test
    void aColdConnectWithQueuedDataSendsAllOfIt() {
        scene.produced(8);
        scene.ended();
        assertThat(scene.connected()).containsExactly("start");
        assertThat(scene.started(0)).containsExactly("flowing", "chunk 0+4", "chunk 4+4", "end 8");
        assertThat(scene.saved(8)).containsExactly("forget 8", "done");
        assertThat(scene.sender.isOver()).isTrue();
    }

    @Test
    void aRecordingWithoutAByteIsARecording() {
        scene.ended();
        scene.connected();
        assertThat(scene.started(0)).containsExactly("flowing", "end 0");
        assertThat(scene.saved(0)).containsExactly("forget 0", "done");
    }

    @Test
    void aLostSavedIsAskedForAgain() {
        scene.sending(4);
        assertThat(scene.ended()).containsExactly("end 4");
        assertThat(scene.pass(PATIENCE)).containsExactly("end 4");
        scene.disconnected();
        scene.connected();
        assertThat(scene.started(4)).containsExactly("forget 4", "flowing", "end 4");
        assertThat(scene.saved(4)).containsExactly("forget 4", "done");
    }

    @Test
    void anAnswerThatDoesNotComeIsAskedForAgain() {
        scene.connected();
        assertThat(scene.pass(PATIENCE)).containsExactly("resume");
        scene.started(0);
        scene.produced(4);
        assertThat(scene.pass(PATIENCE)).containsExactly("resume");
        assertThat(scene.started(0)).containsExactly("flowing", "chunk 0+4");
        scene.progress(4);
        assertThat(scene.pass(PATIENCE.multipliedBy(5))).as("nothing is owed").isEmpty();
    }

    @Test
    void patienceCountsFromTheFirstByteThatWantsAnAnswer() {
        scene.connected();
        scene.started(0);
        scene.pass(PATIENCE.multipliedBy(3));
        assertThat(scene.produced(4)).containsExactly("chunk 0+4");
        assertThat(scene.pass(PATIENCE.minusMillis(1))).isEmpty();
        assertThat(scene.pass(Duration.ofMillis(1))).containsExactly("resume");
    }

    @Test
    void aCorruptChunkAndAGapAreSentAgainFromWhereTheServerSays() {
        scene.sending(12);
        assertThat(scene.error(ErrorReason.CHUNK_CORRUPT, 4L)).isEmpty();
        assertThat(scene.drained()).containsExactly("chunk 4+4", "chunk 8+4");
        assertThat(scene.error(ErrorReason.OFFSET_MISMATCH, 8L)).containsExactly("chunk 8+4");
    }

    @Test
    void anEndThatCameTooEarlyIsSaidAgainBehindWhatWasMissing() {
        scene.sending(8);
        assertThat(scene.ended()).containsExactly("end 8");
        scene.drained();
        assertThat(scene.error(ErrorReason.OFFSET_MISMATCH, 4L)).containsExactly("chunk 4+4", "end 8");
    }

    @Test
    void anOffsetThatMakesNoSenseIsAskedAbout() {
        scene.sending(8);
        scene.progress(4);
        assertThat(scene.error(ErrorReason.OFFSET_MISMATCH, 2L)).containsExactly("resume");
        scene.started(4);
        assertThat(scene.error(ErrorReason.OFFSET_MISMATCH)).containsExactly("resume");
        scene.started(4);
        assertThat(scene.error(ErrorReason.CHUNK_CORRUPT, 400L)).containsExactly("resume");
    }

    @Test
    void anUnaskedStartedContinuesThere() {
        scene.sending(8);
        assertThat(scene.started(4)).containsExactly("forget 4", "flowing", "chunk 4+4");
    }

    @Test
    void aFullDiskHoldsAndGoesOnByItself() {
        scene.sending(12);
        scene.progress(4);
        assertThat(scene.error(ErrorReason.STORAGE_FULL, 4L)).containsExactly("waiting storage_full");
        assertThat(scene.produced(16)).isEmpty();
        assertThat(scene.ended()).isEmpty();
        scene.drained();
        assertThat(scene.started(4)).containsExactly("flowing", "chunk 4+4", "chunk 8+4", "chunk 12+4", "end 16");
    }

    @Test
    void aFullDiskIsAskedAboutWhenNothingIsHeard() {
        scene.sending(4);
        scene.error(ErrorReason.STORAGE_FAILED);
        assertThat(scene.pass(PATIENCE)).containsExactly("resume");
        assertThat(scene.error(ErrorReason.STORAGE_FAILED)).containsExactly("waiting storage_failed");
    }

    /** The server repeats its progress as a sign of life, and may know more than got through before the cut. */
    @Test
    void progressOfAFullDiskMayBeBeyondWhatWasAcknowledgedBeforeTheCut() {
        scene.sending(12);
        scene.disconnected();
        scene.connected();
        scene.error(ErrorReason.STORAGE_FULL, 8L);
        assertThat(scene.progress(8)).containsExactly("forget 8");
        assertThat(scene.started(8)).contains("flowing");
    }

    @Test
    void progressMayCrossARepeatedResume() {
        scene.sending(12);
        assertThat(scene.pass(PATIENCE)).containsExactly("resume");
        assertThat(scene.progress(8)).containsExactly("forget 8");
        scene.drained();
        assertThat(scene.started(8)).containsExactly("flowing", "chunk 8+4");
    }

    @Test
    void progressBeforeTheFirstAnswerIsOfAnEarlierRunAndWaitsForIt() {
        scene.produced(12);
        scene.connected();
        assertThat(scene.progress(8)).isEmpty();
        assertThat(scene.started(8)).containsExactly("forget 8", "flowing", "chunk 8+4");
    }

    @Test
    void aNewRunOfTheProgramGoesOnWhereTheServerStandsAlsoIfItsSourceIsSlower() {
        scene.connected();
        assertThat(scene.started(8)).containsExactly("forget 8", "flowing");
        assertThat(scene.produced(4)).isEmpty();
        assertThat(scene.produced(12)).containsExactly("chunk 8+4");
    }

    @Test
    void aSourceThatEndsBeforeWhatTheServerHasIsAnother() {
        scene.connected();
        scene.started(8);
        scene.produced(4);
        assertThat(scene.ended()).containsExactly("failed content_conflict");
    }

    @Test
    void aServerThatLostWhatItAcknowledgedIsFoundOut() {
        scene.sending(12);
        scene.progress(8);
        scene.disconnected();
        scene.connected();
        assertThat(scene.started(4)).containsExactly("failed session_unknown");
    }

    @Test
    void aServerThatAcknowledgesWhatWasNeverSentIsFoundOut() {
        scene.sending(12);
        assertThat(scene.progress(13)).containsExactly("failed content_conflict");
    }

    @Test
    void aServerThatSavedSomethingElseIsFoundOut() {
        scene.sending(4);
        scene.ended();
        assertThat(scene.saved(3)).containsExactly("failed integrity_mismatch");
    }

    @Test
    void aConflictIsTriedAgainButNotForEver() {
        scene.sending(4);
        for (int i = 0; i < SenderScene.CONFIG.conflictRetries(); i++) {
            assertThat(scene.error(ErrorReason.CONTENT_CONFLICT)).containsExactly("resume");
            scene.started(0);
        }
        assertThat(scene.error(ErrorReason.CONTENT_CONFLICT)).containsExactly("failed content_conflict");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ErrorReason.FORBIDDEN,
                ErrorReason.TOO_LARGE,
                ErrorReason.SESSION_LIMIT,
                ErrorReason.SESSION_UNKNOWN,
                ErrorReason.INTEGRITY_MISMATCH,
                "bad_field:mime"
            })
    void whatTryingAgainCannotMendIsTheEnd(String reason) {
        scene.sending(4);
        assertThat(scene.error(reason)).containsExactly("failed " + reason);
        assertThat(scene.sender.isOver()).isTrue();
        assertThat(scene.connected()).isEmpty();
        assertThat(scene.sender.deadline()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {ErrorReason.END_WITHOUT_START, ErrorReason.BINARY_WITHOUT_SESSION})
    void aServerThatHasForgottenTheSessionIsReminded(String reason) {
        scene.sending(4);
        scene.ended();
        assertThat(scene.error(reason)).containsExactly("resume");
    }

    @ParameterizedTest
    @ValueSource(strings = {ErrorReason.RATE_LIMITED, ErrorReason.BAD_CHUNK})
    void whatPatienceMendsIsLeftToPatience(String reason) {
        scene.sending(4);
        assertThat(scene.error(reason)).isEmpty();
        assertThat(scene.pass(PATIENCE)).containsExactly("resume");
    }

    @Test
    void anAbortBeforeAnythingWasSaidIsDoneAtOnce() {
        assertThat(scene.abort()).containsExactly("aborted");
    }

    @Test
    void anAbortIsSaidUntilItIsAnswered() {
        scene.sending(12);
        assertThat(scene.abort()).containsExactly("abort");
        assertThat(scene.drained()).isEmpty();
        assertThat(scene.started(0)).isEmpty();
        assertThat(scene.pass(PATIENCE)).containsExactly("abort");
        scene.disconnected();
        assertThat(scene.connected()).containsExactly("resume");
        assertThat(scene.started(0)).containsExactly("abort");
        assertThat(scene.aborted()).containsExactly("aborted");
    }

    /** A server that cannot store yet says {@code progress} as a sign of life before it says where to continue. */
    @Test
    void whatAnotherClientSentMeanwhileIsNoConflict() {
        scene.sending(12);
        scene.disconnected();
        scene.connected();
        scene.error(ErrorReason.STORAGE_FAILED);

        assertThat(scene.progress(16)).isEmpty();
        assertThat(scene.produced(20)).isEmpty();
        assertThat(scene.started(16)).containsExactly("forget 16", "flowing", "chunk 16+4");
    }

    @Test
    void signsOfLifeDoNotAnswerAnAbort() {
        scene.sending(12);
        scene.abort();

        scene.pass(PATIENCE.dividedBy(2));
        assertThat(scene.progress(8)).containsExactly("forget 8");
        assertThat(scene.pass(PATIENCE.dividedBy(2))).containsExactly("abort");
    }

    /** The session that it resumes is then a new one, without a byte. */
    @Test
    void anAbortWhoseAnswerWasLostIsSaidAgain() {
        scene.sending(12);
        scene.progress(8);
        scene.abort();
        scene.disconnected();
        scene.connected();
        assertThat(scene.started(0)).containsExactly("abort");
    }

    @Test
    void anAbortWhileOfflineOrHeldIsSaidWhenItCanBe() {
        scene.sending(12);
        scene.disconnected();
        assertThat(scene.abort()).isEmpty();
        scene.connected();
        assertThat(scene.error(ErrorReason.STORAGE_FULL)).containsExactly("waiting storage_full", "abort");
    }

    @Test
    void anAbortThatCameTooLateEndsInDone() {
        scene.sending(4);
        scene.ended();
        scene.abort();
        assertThat(scene.saved(4)).containsExactly("forget 4", "done");
    }

    @Test
    void aRecordingThatTheServerThrewAwayUnaskedIsAFailure() {
        scene.sending(4);
        assertThat(scene.aborted()).containsExactly("failed session_unknown");
    }

    @Test
    void messagesOfAConnectionThatIsGoneAreIgnored() {
        scene.sending(12);
        scene.disconnected();
        assertThat(scene.progress(8)).isEmpty();
        assertThat(scene.started(4)).isEmpty();
        assertThat(scene.sender.acknowledgedBytes()).isZero();
    }

    @Test
    void aSourceOnlyGrows() {
        scene.produced(8);
        assertThatIllegalStateException().isThrownBy(() -> scene.produced(7));
        scene.ended();
        assertThatIllegalStateException().isThrownBy(() -> scene.produced(9));
    }

    @Test
    void earlyTicksAndTimeThatGoesBackwardsDoNothing() {
        scene.sending(4);
        scene.now = scene.now.minusSeconds(100);
        assertThat(scene.give(new SenderInput.Tick())).isEmpty();
        scene.now = scene.now.plusSeconds(100);
        assertThat(scene.pass(PATIENCE)).containsExactly("resume");
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        for (List<Long> bad : List.of(List.of(0L, 9L, 9L), List.of(4L, 3L, 9L), List.of(4L, 9L, 0L))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new SenderConfig(bad.get(0).intValue(), bad.get(1), bad.get(2), Duration.ofSeconds(1), 0));
        }
    }

    @Test
    void everyInputHasACase() {
        Map<Class<?>, SenderInput> samples = List.of(
                        new SenderInput.Connected(),
                        new SenderInput.Disconnected(),
                        new SenderInput.Produced(1),
                        new SenderInput.Received(new Goodbye(1)),
                        new SenderInput.Drained(0),
                        new SenderInput.AbortRequested(),
                        new SenderInput.Ended(null),
                        new SenderInput.SourceHashed(0, 0, 1, List.of()),
                        new SenderInput.Tick())
                .stream()
                .collect(Collectors.toMap(SenderInput::getClass, input -> input));
        assertThat(samples.keySet()).isEqualTo(Set.copyOf(Arrays.asList(SenderInput.class.getPermittedSubclasses())));
        samples.values().forEach(input -> new SenderScene().give(input));
    }
}
