package io.quickdrop.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.agent.screens.Platform;
import io.quickdrop.websocket.ServerPin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityTest {
    @TempDir
    Path temporary;

    @SuppressWarnings("NullAway.Init")
    IdentityTest() {}

    private PrivateFolder folder() {
        return new PrivateFolder(temporary.resolve("home"));
    }

    @Test
    void theKeyIsMadeOnceAndSigns() throws Exception {
        AgentKeys first = AgentKeys.in(folder());
        AgentKeys second = AgentKeys.in(folder());
        assertThat(second.publicKey()).isEqualTo(first.publicKey());
        assertThat(second.fingerprint()).isEqualTo(first.fingerprint()).matches("([0-9a-f]{4}-){7}[0-9a-f]{4}");

        byte[] message = {1, 2, 3};
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(first.publicKey())));
        check.update(message);
        assertThat(check.verify(second.sign(message))).isTrue();
    }

    @Test
    void theKeyIsForItsOwnerOnlyAlsoAfterALaxRestore() throws Exception {
        AgentKeys.in(folder());
        Path file = folder().path().resolve(AgentKeys.FILE);
        assertThat(modes(file)).isEqualTo("rw-------");
        assertThat(modes(folder().path())).isEqualTo("rwx------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        AgentKeys.in(folder());
        assertThat(modes(file)).isEqualTo("rw-------");
    }

    @Test
    void aDamagedKeyIsASentence() throws Exception {
        AgentKeys.in(folder());
        Path file = folder().path().resolve(AgentKeys.FILE);
        String good = Files.readString(file);
        for (String bad : new String[] {"", good.substring(0, 60), good.replace("PUBLIC", "PUBIC")}) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> AgentKeys.in(folder()))
                    .isInstanceOf(IdentityException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    void aPublicKeyOfAnotherPairIsNoticed() throws Exception {
        AgentKeys.in(folder());
        PrivateFolder other = new PrivateFolder(temporary.resolve("other"));
        AgentKeys.in(other);
        Path file = folder().path().resolve(AgentKeys.FILE);
        String mine = Files.readString(file);
        String theirs = Files.readString(other.path().resolve(AgentKeys.FILE));
        Files.writeString(
                file,
                mine.substring(0, mine.indexOf("-----BEGIN PUBLIC"))
                        + theirs.substring(theirs.indexOf("-----BEGIN PUBLIC")));
        assertThatThrownBy(() -> AgentKeys.in(folder())).hasMessageContaining("is damaged");
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        AgentKeys.in(folder());
        Path file = folder().path().resolve(AgentKeys.FILE);
        Path away = temporary.resolve("away");
        Files.move(file, away);
        Files.createSymbolicLink(file, away);
        assertThatThrownBy(() -> AgentKeys.in(folder())).hasMessageContaining("symbolic link");
    }

    @Test
    void serversAreKnownByAddress() throws Exception {
        ServerPin one = new ServerPin("1".repeat(64));
        ServerPin two = new ServerPin("2".repeat(64));
        new KnownServers(folder()).remember("a:8443", one);
        new KnownServers(folder()).remember("b:8443", two);
        assertThat(new KnownServers(folder()).pin("a:8443")).contains(one);
        assertThat(new KnownServers(folder()).pin("b:8443")).contains(two);
        assertThat(new KnownServers(folder()).pin("c:8443")).isEmpty();
        new KnownServers(folder()).remember("a:8443", two);
        assertThat(new KnownServers(folder()).pin("a:8443")).contains(two);

        Files.writeString(folder().path().resolve(KnownServers.FILE), "a:8443 nonsense\n");
        assertThatThrownBy(() -> new KnownServers(folder()).pin("a:8443"))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void aPinIsReadAsItIsShown() {
        ServerPin pin = new ServerPin("0123456789abcdef".repeat(4));
        assertThat(ServerPin.parse(pin.toString())).isEqualTo(pin);
        assertThat(ServerPin.parse(" SHA256:" + "0123456789ABCDEF".repeat(4))).isEqualTo(pin);
        assertThatThrownBy(() -> ServerPin.parse("sha256:xyz")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsLieWhereThePlatformWantsThem() {
        Path home = Path.of("/home/me");
        assertThat(PrivateFolder.usual(Platform.X11, Map.of(), home)).isEqualTo(Path.of("/home/me/.config/quickdrop"));
        assertThat(PrivateFolder.usual(Platform.X11, Map.of("XDG_CONFIG_HOME", "/cfg"), home))
                .isEqualTo(Path.of("/cfg/quickdrop"));
        assertThat(PrivateFolder.usual(Platform.X11, Map.of("XDG_CONFIG_HOME", "relative"), home))
                .isEqualTo(Path.of("/home/me/.config/quickdrop"));
        assertThat(PrivateFolder.usual(Platform.MACOS, Map.of(), home))
                .isEqualTo(Path.of("/home/me/Library/Application Support/QuickDrop"));
        assertThat(PrivateFolder.usual(Platform.WINDOWS, Map.of("APPDATA", "/roaming"), home))
                .isEqualTo(Path.of("/roaming/QuickDrop"));
    }

    @Test
    void theIdIsCleanAndTellsMachinesOfOneNameApart() {
        assertThat(DesktopName.host(Map.of("HOSTNAME", "büro pc.example.org"))).isEqualTo("b-ro-pc");
        assertThat(DesktopName.host(Map.of("COMPUTERNAME", "WIN10"))).isEqualTo("WIN10");
        assertThat(DesktopName.id("desk", "3fa1-77aa-0000"))
                .isEqualTo("desk-3fa177")
                .matches(DesktopName.ID_PATTERN);
    }

    private static String modes(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
