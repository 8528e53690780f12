package io.quickdrop.protocol;

/** Anything that travels as a text frame: one JSON object whose {@code type} names the record. */
public sealed interface Message permits LinkMessage, UploadMessage, ObserverMessage, AgentMessage, ViewerMessage {}
