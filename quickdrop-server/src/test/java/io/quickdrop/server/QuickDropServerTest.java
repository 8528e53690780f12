package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.server.catalogue.Catalogue;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the server starts and stops. */
final class QuickDropServerTest {
    @Test
    void aServerThatCanNotOpenItsPortLetsGoOfItsStore(@TempDir Path folder) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            ServerSettings settings = new ServerSettings(taken.getLocalPort(), folder, Set.of(), false, true);

            assertThatThrownBy(() -> QuickDropServer.start(settings))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("in use by another program");
        }
        try (Catalogue catalogue = Catalogue.open(folder.resolve(".quickdrop"))) {
            assertThat(catalogue.isNew()).isFalse();
        }
        QuickDropServer.start(new ServerSettings(0, folder, Set.of(), false, true))
                .close();
    }
}
