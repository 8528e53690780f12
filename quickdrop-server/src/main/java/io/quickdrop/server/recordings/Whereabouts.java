package io.quickdrop.server.recordings;

/** Which server is to be asked about a session, or about the file of a recording. */
public sealed interface Whereabouts {
    /** This one. */
    record Here() implements Whereabouts {}

    /** Another one, which lives. */
    record With(Servers.Server server) implements Whereabouts {}

    /**
     * One that is away.
     *
     * @param sentence what is known, for people
     */
    record Away(String sentence) implements Whereabouts {}
}
