package io.quickdrop.relay.desktop.pull;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ViewerMessage.StreamStats;

/** What a pull orders. */
public sealed interface PullOutput {
    /** Connect to the instance; every outcome is told with this generation. */
    record Connect(long generation, String instanceId) implements PullOutput {}

    /** Close what the attempt of this generation has become, or will become. */
    record Disconnect(long generation, String reason) implements PullOutput {}

    /** Tell the other instance. */
    record Send(long generation, Message message) implements PullOutput {}

    /** To the room: the desktop has this registration now; what is shown of an older one is of the past. */
    record Came(long epoch) implements PullOutput {}

    /** To the room: the desktop is connected to no other instance. */
    record Left() implements PullOutput {}

    /**
     * To the room: nothing comes for now.
     *
     * @param reason as in {@link io.quickdrop.protocol.ViewerMessage.StreamStopped}
     */
    record Away(String reason) implements PullOutput {}

    /** To the room: pictures come again, from the beginning. */
    record Back() implements PullOutput {}

    /** To the room: pictures, of the present registration. */
    record Deliver(Frame frame) implements PullOutput {}

    /** To the room: how the other instance does with them. */
    record Tell(StreamStats stats) implements PullOutput {}
}
