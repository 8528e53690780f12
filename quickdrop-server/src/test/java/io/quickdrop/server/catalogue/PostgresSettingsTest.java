package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {
    private static final String SECRET = "hunter2";

    private static PostgresSettings parse(String url) {
        return PostgresSettings.parse(url, Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ada:hunter2@db.example:6000/quickdrop?sslmode=require",
                "postgres://ada:hunter2@db.example:6000/quickdrop?sslmode=require",
                "POSTGRESQL://ada:hunter2@db.example:6000/quickdrop?sslmode=require&connect_timeout=10",
                "jdbc:postgresql://db.example:6000/quickdrop?user=ada&password=hunter2&sslmode=require"
            })
    void everyFormOfAnAddressSaysTheSame(String url) {
        assertThat(parse(url))
                .isEqualTo(new PostgresSettings(
                        "db.example:6000", "quickdrop", "ada", SECRET, Map.of("sslmode", "require")));
    }

    @Test
    void whatIsLeftOutIsLookedForInTheEnvironment() {
        PostgresSettings found = PostgresSettings.parse(
                "postgresql://db.example/quickdrop", Map.of("PGUSER", "ada", "PGPASSWORD", "one"));
        assertThat(found.hosts()).isEqualTo("db.example:5432");
        assertThat(found.user()).isEqualTo("ada");
        assertThat(found.password()).isEqualTo("one");
        assertThat(PostgresSettings.parse(
                                "postgresql://ada@db/quickdrop",
                                Map.of("QUICKDROP_DATABASE_PASSWORD", "two", "PGPASSWORD", "one"))
                        .password())
                .isEqualTo("two");
        assertThat(PostgresSettings.parse(
                                "postgresql://ada:three@db/quickdrop", Map.of("QUICKDROP_DATABASE_PASSWORD", "two"))
                        .password())
                .isEqualTo("three");
    }

    @Test
    void aPasswordMayHoldAnyCharacter() {
        assertThat(parse("postgresql://ada:a@b?c&d:e+f#g@db/quickdrop").password())
                .isEqualTo("a@b?c&d:e+f#g");
        assertThat(parse("postgresql://ada:%40%2F%25%C3%A9@db/quickdrop?sslmode=require")
                        .password())
                .isEqualTo("@/%é");
        assertThat(parse("jdbc:postgresql://db/quickdrop?password=x@y").password())
                .isEqualTo("x@y");
    }

    @Test
    void severalHostsAndIpv6AreHosts() {
        assertThat(parse("postgresql://ada@one:6000,two/quickdrop?target_session_attrs=read-write"))
                .satisfies(found -> {
                    assertThat(found.hosts()).isEqualTo("one:6000,two:5432");
                    assertThat(found.parameters()).containsExactly(Map.entry("targetServerType", "primary"));
                });
        assertThat(parse("postgresql://ada@[::1]:6000/quickdrop").hosts()).isEqualTo("[::1]:6000");
        assertThat(parse("postgresql://ada@[::1]/quickdrop").hosts()).isEqualTo("[::1]:5432");
    }

    @Test
    void itsWordsNeverHoldThePassword() {
        PostgresSettings found = parse("postgresql://ada:hunter2@db/quickdrop");
        assertThat(found.toString())
                .isEqualTo("postgresql://ada@db:5432/quickdrop")
                .doesNotContain(SECRET);
        assertThat(found.shown()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "ada:hunter2@db/quickdrop",
                "mysql://ada:hunter2@db/quickdrop",
                "postgresql:/ada:hunter2@db/quickdrop",
                "postgresql://ada:hunter2@db",
                "postgresql://ada:hunter2@db/",
                "postgresql://ada:hunter2@/quickdrop",
                "postgresql://ada:hunter2@db:0/quickdrop",
                "postgresql://ada:hunter2@db:65536/quickdrop",
                "postgresql://ada:hunter2@db:hunter2/quickdrop",
                "postgresql://ada:x/hunter2@db/quickdrop/more",
                "postgresql://ada:hunter2@::1/quickdrop",
                "postgresql://ada:hunter2%zz@db/quickdrop",
                "postgresql://ada:hunter2@db/quickdrop?colour=red"
            })
    void whatIsNoAddressIsRefusedWithWhatIsAllowedAndWithoutThePassword(String url) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed are")
                .hasMessageContaining("postgresql://user:password@host:port/database")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://postgres.abc:hunter2@aws-0-eu-central-1.pooler.supabase.com:6543/postgres",
                "postgresql://postgres:hunter2@db.abc.supabase.co:6543/postgres",
                "postgresql://ada:hunter2@db/quickdrop?pgbouncer=true"
            })
    void aPoolerThatCantCarrySignalsIsRefusedAndTheDirectConnectionNamed(String url) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pooler in transaction mode")
                .hasMessageContaining("direct connection");
    }

    @Test
    void theDirectConnectionAndTheSessionPoolerOfSupabaseAreFine() {
        assertThat(parse("postgresql://postgres:x@db.abc.supabase.co:5432/postgres")
                        .hosts())
                .isEqualTo("db.abc.supabase.co:5432");
        assertThat(parse("postgresql://postgres.abc:x@aws-0-eu-central-1.pooler.supabase.com:5432/postgres")
                        .hosts())
                .endsWith(":5432");
    }
}
