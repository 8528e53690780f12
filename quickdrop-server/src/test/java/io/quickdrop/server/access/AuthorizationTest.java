package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.access.Authorization.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationTest {
    private static final Principal OPERATOR = new Principal.Operator();
    private static final Principal NOBODY = new Principal.Anonymous(Principal.Reason.NO_CREDENTIALS);
    private static final Principal UNKNOWN = new Principal.Anonymous(Principal.Reason.UNKNOWN_TOKEN);
    private static final Principal REVOKED = new Principal.Anonymous(Principal.Reason.REVOKED);

    private final InetAddress here = TestAddresses.of("127.0.0.1");
    private final InetAddress there = TestAddresses.of("192.168.1.20");
    private final DeviceKeys keys =
            new DeviceKeys(new InMemoryDeviceRegister(), () -> Instant.EPOCH, new SecureRandom());
    private final DeviceKeys.Issued phone = keys.issue("Phone");
    private final Principal device = new Principal.Device(phone.device().id(), "Phone");
    private final OperatorToken token;
    private final Authorization authorization;

    AuthorizationTest(@TempDir Path directory) throws IOException {
        token = OperatorToken.open(directory, new SecureRandom());
        authorization = new Authorization(token, keys);
    }

    @Test
    void loopbackWithoutATokenIsTheOperator() {
        assertThat(authorization.identify(here, null, null)).isEqualTo(new Identity(OPERATOR, false));
        assertThat(authorization.identify(TestAddresses.of("::1"), null, "quickdrop.v2"))
                .isEqualTo(new Identity(OPERATOR, false));
        assertThat(authorization
                        .identify(TestAddresses.of("127.9.9.9"), null, null)
                        .principal())
                .isEqualTo(OPERATOR);
    }

    @Test
    void elsewhereWithoutATokenIsNobody() {
        assertThat(authorization.identify(there, null, null)).isEqualTo(new Identity(NOBODY, false));
        assertThat(authorization.identify(there, null, "quickdrop.v2").principal())
                .isEqualTo(NOBODY);
    }

    @Test
    void aBearerTokenSaysWhoItIs() {
        assertThat(authorization.identify(there, "Bearer " + token.value(), null))
                .isEqualTo(new Identity(OPERATOR, true));
        assertThat(authorization.identify(there, "bearer  " + phone.key(), null))
                .isEqualTo(new Identity(device, true));
    }

    @Test
    void aSubprotocolTokenSaysWhoItIsButDoesNotExcuseAMissingOrigin() {
        String offered = "quickdrop.v2, quickdrop.token.";

        assertThat(authorization.identify(there, null, offered + phone.key())).isEqualTo(new Identity(device, false));
        assertThat(authorization.identify(there, null, "quickdrop.token." + token.value() + ",quickdrop.v2"))
                .isEqualTo(new Identity(OPERATOR, false));
        assertThat(authorization.identify(there, null, offered).principal()).isEqualTo(UNKNOWN);
    }

    @Test
    void aShownTokenDecidesOnLoopbackToo() {
        assertThat(authorization.identify(here, "Bearer " + phone.key(), null).principal())
                .isEqualTo(device);
        assertThat(authorization.identify(here, "Bearer wrong", null)).isEqualTo(new Identity(UNKNOWN, false));
        assertThat(authorization
                        .identify(here, null, "quickdrop.v2, quickdrop.token.wrong")
                        .principal())
                .isEqualTo(UNKNOWN);
    }

    @Test
    void aRevokedDeviceIsToldApartFromAnUnknownOne() {
        keys.revoke(phone.device().id());

        assertThat(authorization.identify(there, "Bearer " + phone.key(), null))
                .isEqualTo(new Identity(REVOKED, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Token x", "Bearer \u0000", "Bearer é"})
    void otherAuthorizationHeadersAreUnknown(String header) {
        assertThat(authorization.identify(there, header, null)).isEqualTo(new Identity(UNKNOWN, false));
        assertThat(authorization.identify(here, header, null).principal()).isEqualTo(UNKNOWN);
    }

    @Test
    void anEndlessTokenIsUnknown() {
        assertThat(authorization
                        .identify(there, "Bearer " + "a".repeat(100_000), null)
                        .principal())
                .isEqualTo(UNKNOWN);
    }

    @Test
    void rightsFollowTheRole() {
        assertThat(OPERATOR.mayOperate() && OPERATOR.mayUpload()).isTrue();
        assertThat(device.mayOperate()).isFalse();
        assertThat(device.mayUpload()).isTrue();
        assertThat(NOBODY.mayOperate() || NOBODY.mayUpload() || REVOKED.mayUpload())
                .isFalse();
        assertThat(OPERATOR.inAuditLog()).isEqualTo("operator");
        assertThat(device.inAuditLog()).isEqualTo("device:" + phone.device().id());
    }
}
