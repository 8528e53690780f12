package io.quickdrop.media.order;

/** Hears how far an order is. */
@FunctionalInterface
public interface Progress {
    /**
     * Says how far it is.
     *
     * @param share 0 to 1
     */
    void at(double share);
}
