package io.quickdrop.agent.encode;

/** How finely a JPEG stores colour. */
public enum Chroma {
    /** One colour sample for each pixel: sharp coloured text. */
    FULL,
    /** One for four pixels (4:2:0): half the data, right for photographs. */
    QUARTER
}
