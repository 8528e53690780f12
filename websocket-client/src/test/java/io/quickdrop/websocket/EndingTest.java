package io.quickdrop.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.CloseCode;
import org.junit.jupiter.api.Test;

class EndingTest {
    @Test
    void aServerThatDoesNotAnswerToThisNameSaysWhatToDo() {
        Ending ending = Ending.of(false, 1002, "Invalid status code received: 421 Status line: HTTP/1.1 421", null);
        assertThat(ending.code()).isEqualTo(CloseCode.POLICY.code());
        assertThat(ending.reason()).contains("does not answer to this name").contains("--name");
    }

    @Test
    void aBusyServerIsTriedAgain() {
        Ending ending = Ending.of(false, 1002, "Invalid status code received: 503 Status line: HTTP/1.1 503", null);
        assertThat(ending).isEqualTo(new Ending(1006, "HTTP status 503"));
    }
}
