package io.quickdrop.server.catalogue;

/**
 * One life of an instance: what its writes are fenced by.
 *
 * @param instance its id
 * @param number 1 at its first start, and higher each time it begins anew
 */
public record Incarnation(String instance, long number) {}
