package io.quickdrop.media;

import io.quickdrop.media.container.Ffmpeg;
import io.quickdrop.media.container.Join;
import io.quickdrop.media.container.Repair;
import io.quickdrop.media.container.Verification;
import io.quickdrop.media.order.AnswerLine;
import io.quickdrop.media.order.PartGap;
import io.quickdrop.media.order.Progress;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import io.quickdrop.media.picture.Poster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code check | repair IN OUT | verify IN OUT | poster IN OUT.jpg | join --gaps MS:CAUSE,… OUT IN…}: carries out one order and prints one line
 * of JSON, after any number of lines that say how far it is.
 *
 * <p>Exit status: 0 carried out, 1 refused (the line says why), 2 an order that is not understood; anything else is a file's
 * doing. It ends when its standard input does: a child whose parent is gone works for nobody.
 */
public final class Main {
    private static final double LEAST_STEP = 0.01;
    /** The option, its value, the output and a part. */
    private static final int JOIN_WORDS = 4;

    private static double told = -1;

    private Main() {}

    /** Runs it. */
    public static void main(String[] args) {
        endWithParent();
        AnswerLine answer;
        int status;
        try {
            Ffmpeg.prepare();
            answer = new AnswerLine.Done(carryOut(List.of(args)));
            status = 0;
        } catch (Refusal e) {
            answer = new AnswerLine.Refused(String.valueOf(e.getMessage()));
            status = 1;
        } catch (IllegalArgumentException e) {
            answer = new AnswerLine.Refused(String.valueOf(e.getMessage()));
            status = 2;
        } catch (OutOfMemoryError | LinkageError e) {
            answer = new AnswerLine.Refused("FFmpeg can't be used here: " + e);
            status = 1;
        }
        System.out.println(answer.text());
        System.out.flush();
        Runtime.getRuntime().halt(status); // no hook has anything to do, and a file may have left threads behind
    }

    private static Report carryOut(List<String> args) throws Refusal {
        String order = args.isEmpty() ? "" : args.get(0);
        List<Path> files = args.stream().skip(1).map(Path::of).toList();
        if (order.equals("check") && files.isEmpty()) {
            return new Report(0, List.of(), 0, false);
        }
        if (order.equals("repair") && files.size() == 2) {
            return Repair.run(files.get(0), files.get(1), progress());
        }
        if (order.equals("verify") && files.size() == 2) {
            return Verification.run(files.get(0), files.get(1), progress());
        }
        if (order.equals("poster") && files.size() == 2) {
            Poster.run(files.get(0), files.get(1));
            return new Report(0, List.of(), 0, false);
        }
        if (order.equals("join") && files.size() >= JOIN_WORDS && args.get(1).equals("--gaps")) {
            List<PartGap> gaps = PartGap.parse(args.get(2));
            List<Path> parts = files.subList(JOIN_WORDS - 1, files.size());
            if (gaps.size() != parts.size()) {
                throw new IllegalArgumentException("found " + gaps.size() + " gaps for " + parts.size() + " parts");
            }
            return Join.run(files.get(2), parts, gaps, progress());
        }
        throw new IllegalArgumentException(
                "found '" + String.join(" ", args)
                        + "'; known are check, repair IN OUT, verify IN OUT, poster IN OUT.jpg, join --gaps MS:CAUSE,… OUT IN…");
    }

    private static Progress progress() {
        return share -> {
            if (share - told >= LEAST_STEP) {
                told = share;
                System.out.println(new AnswerLine.Progress(share).text());
            }
        };
    }

    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nothing is ever said to it
                        }
                    } catch (IOException e) {
                        // a broken pipe is an end too
                    }
                    Runtime.getRuntime().halt(1);
                },
                "ends-with-its-parent");
        watch.setDaemon(true);
        watch.start();
    }
}
