package io.quickdrop.server.catalogue;

/**
 * One life of an instance: what its writes are fenced by.
 *
 * @param instance its id
 * @param number higher each time it begins anew
 */
public record Incarnation(String instance, long number) {}
