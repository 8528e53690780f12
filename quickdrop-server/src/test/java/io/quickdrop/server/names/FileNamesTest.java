package io.quickdrop.server.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    private static final Instant START = Instant.parse("2026-11-22T13:03:09.987Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void aNameHoldsTheLocalTimeTheLabelAndTheExtension() {
        assertThat(FileNames.of("Kitchen", START, BERLIN, "webm")).isEqualTo("2026-11-22_14-03-09_kitchen.webm");
        assertThat(FileNames.of("", START, BERLIN, ".MP4")).isEqualTo("2026-11-22_14-03-09.mp4");
        assertThat(FileNames.of("Kitchen", START, BERLIN, "webm", 2)).isEqualTo("2026-11-22_14-03-09_kitchen-2.webm");
    }

    @Test
    void countersAreBounded() {
        assertThat(FileNames.of("a", START, BERLIN, "exe", FileNames.MAX_COUNTER))
                .isEqualTo("2026-11-22_14-03-09_a-99999.exe.bin");
        assertThatThrownBy(() -> FileNames.of("a", START, BERLIN, "exe", FileNames.MAX_COUNTER + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'  Küche & Bad!  ', kuche-bad",
        "'Café Größe', cafe-grosse",
        "'Øresund Łódź Æon', oresund-lodz-aeon",
        "'İstanbul ı', istanbul-i",
        "'ﬁn ２０２６ Ⅳ', fin-2026-iv",
        "'---', ''",
        "'', ''",
        "'../../etc/passwd', etc-passwd",
        "'C:\\Windows\\nul', c-windows-nul",
        "'a\u0000b\u202Ec', a-b-c",
        "'台所', ''",
        "'台所 2', 2",
        "'con', con",
        "'1234567890123456789012345678901-3456', 1234567890123456789012345678901",
        "'12345678901234567890123456789012345', 12345678901234567890123456789012",
    })
    void aLabelIsData(String label, String cleaned) {
        assertThat(Label.clean(label)).isEqualTo(cleaned);
    }

    @Test
    void theLanguageOfTheComputerChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            for (String language : new String[] {"tr-TR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist"}) {
                Locale.setDefault(Locale.forLanguageTag(language));
                assertThat(FileNames.of("TITLE I", START, BERLIN, "AVI")).isEqualTo("2026-11-22_14-03-09_title-i.avi");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exe", "EXE", ".exe", "bat", "cmd", "com", "scr", "js", "html", "svg", "lnk", "desktop", "sh", "ps1",
                "jar", "msi", "hta", "url", "app", "command", "dmg", "vbs", "ade", "zsh", "apk"
            })
    void whatRunsWhenOpenedIsNeutralised(String extension) {
        assertThat(FileExtension.safe(extension)).endsWith(".bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"webm", "mp4", "mov", "mkv", "m4a", "jpg", "heic", "pdf", "txt", "zip", "docx", "7z"})
    void mediaAndDocumentsKeepTheirs(String extension) {
        assertThat(FileExtension.safe(extension)).isEqualTo(extension);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b", "a/b", "webm ", "123456789", "é", "mp4\u0000", "mp4:ads", "ｅｘｅ", "mp4\n"})
    void whatIsNoExtensionBecomesBin(String extension) {
        assertThat(FileExtension.safe(extension)).isEqualTo("bin");
    }

    @Test
    void nonsensicalTimesStayNames() {
        assertThat(FileNames.of("", Instant.MIN, ZoneOffset.MIN, "mp4")).isEqualTo("1970-01-01_06-00-00.mp4");
        assertThat(FileNames.of("", Instant.MAX, ZoneOffset.MAX, "mp4")).isEqualTo("9999-12-30_18-00-00.mp4");
        assertThatThrownBy(() -> FileNames.of("", START, BERLIN, "mp4", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whateverAPeerSaysTheNameIsPlainShortAndDirectlyInTheFolder() {
        Random random = new Random(11);
        Path folder = Path.of("folder");
        for (int round = 0; round < 50_000; round++) {
            String label = text(random, 60);
            String extension = text(random, 9);
            int counter = 1 + random.nextInt(FileNames.MAX_COUNTER);
            String name = FileNames.of(label, Instant.ofEpochMilli(random.nextLong()), BERLIN, extension, counter);

            assertThat(name)
                    .as("label %s, extension %s", label, extension)
                    .matches("[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}(_[a-z0-9]([a-z0-9-]*[a-z0-9])?)?"
                            + "(-[0-9]+)?(\\.[a-z0-9]{1,8}){1,2}")
                    .hasSizeLessThanOrEqualTo(FileNames.MAX_CHARS);
            assertThat(folder.resolve(name).normalize().getParent()).isEqualTo(folder);
            assertThat(Label.clean(label)).hasSizeLessThanOrEqualTo(32);
            assertThat(Label.clean(Label.clean(label))).as("cleaning twice").isEqualTo(Label.clean(label));
        }
    }

    /** Half ASCII, with the characters that matter, and half anything, lone surrogates included. */
    private static String text(Random random, int maxLength) {
        String nasty = "./\\:-_ aZ09\u0000\n\u202E~$%*?|<>";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
            text.append(
                    random.nextBoolean()
                            ? nasty.charAt(random.nextInt(nasty.length()))
                            : (char) random.nextInt(random.nextBoolean() ? 0x250 : 0x10000));
        }
        return text.toString();
    }
}
