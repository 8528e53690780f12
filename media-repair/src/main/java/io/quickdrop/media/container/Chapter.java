package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVChapter;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A named stretch of a file. */
record Chapter(long startMs, long endMs, String title) {
    private static final int MILLIS_PER_SECOND = 1_000;

    /** Gives the file its chapters; before its head is written. FFmpeg frees them with the file. */
    static void addTo(AVFormatContext context, List<Chapter> chapters) {
        long pointerBytes = Loader.sizeof(Pointer.class);
        PointerPointer<AVChapter> list =
                new PointerPointer<AVChapter>(av_mallocz(pointerBytes * chapters.size())).capacity(chapters.size());
        for (int i = 0; i < chapters.size(); i++) {
            Chapter chapter = chapters.get(i);
            AVChapter made = new AVChapter(av_mallocz(Loader.sizeof(AVChapter.class)));
            AVDictionary words = new AVDictionary(null);
            av_dict_set(words, "title", chapter.title(), 0);
            made.id(i + 1L)
                    .time_base(av_make_q(1, MILLIS_PER_SECOND))
                    .start(chapter.startMs())
                    .end(chapter.endMs())
                    .metadata(words);
            list.put(i, made);
        }
        context.chapters(list);
        context.nb_chapters(chapters.size());
    }
}
