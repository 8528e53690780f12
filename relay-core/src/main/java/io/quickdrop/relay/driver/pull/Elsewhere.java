package io.quickdrop.relay.driver.pull;

/**
 * Another instance, offered to a viewer.
 *
 * @param url {@code https://host:port}
 * @param ticket lets the viewer in there, for a short time; for this one offer
 */
public record Elsewhere(String url, String ticket) {}
