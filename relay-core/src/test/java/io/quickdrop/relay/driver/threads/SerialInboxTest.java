package io.quickdrop.relay.driver.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SerialInboxTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Integer> handled = new ArrayList<>();
    private final SerialInbox<Integer> inbox = new SerialInbox<>(tasks::add, this::handle);

    private void handle(int item) {
        handled.add(item);
        if (item < 0) {
            throw new IllegalStateException("a bug");
        }
    }

    @Test
    void itemsAreHandledInOrderByOneTaskAtATime() {
        for (int i = 0; i < 10; i++) {
            inbox.add(i);
        }
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(handled).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(tasks).isEmpty();
    }

    @Test
    void othersGetTheirTurnBetweenManyItems() {
        for (int i = 0; i < 200; i++) {
            inbox.add(i);
        }
        tasks.remove().run();
        assertThat(handled).hasSizeLessThan(200);
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertThat(handled).hasSize(200);
    }

    @Test
    void anItemThatThrowsDoesNotStopTheOthers() {
        inbox.add(-1);
        inbox.add(1);
        assertThatThrownBy(() -> tasks.remove().run()).isInstanceOf(IllegalStateException.class);
        tasks.remove().run();
        inbox.add(2);
        tasks.remove().run();
        assertThat(handled).containsExactly(-1, 1, 2);
    }
}
