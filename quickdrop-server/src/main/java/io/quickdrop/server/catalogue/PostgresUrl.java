package io.quickdrop.server.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The address of a PostgreSQL database, as people write it. */
final class PostgresUrl {
    private static final String ALLOWED = "allowed are postgresql://user:password@host:port/database and"
            + " jdbc:postgresql://host:port/database, with parameters as ?sslmode=require behind it";
    private static final List<String> SCHEMES = List.of("jdbc:postgresql://", "postgresql://", "postgres://");
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;
    /** Supabase's pooler in transaction mode. */
    private static final String SUPABASE_POOLER_PORT = "6543";

    /** The names that libpq and providers use, and the driver's for them. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslnegotiation", "sslNegotiation"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("channelbinding", "channelBinding"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("currentschema", "currentSchema"),
            Map.entry("target_session_attrs", "targetServerType"),
            Map.entry("targetservertype", "targetServerType"));
    /** Ours to choose, or for other drivers; harmless to leave out. */
    private static final List<String> IGNORED =
            List.of("application_name", "applicationname", "connect_timeout", "connecttimeout", "sockettimeout");

    private final String url;
    private final Map<String, String> environment;

    PostgresUrl(String url, Map<String, String> environment) {
        this.url = url;
        this.environment = environment;
    }

    PostgresSettings settings() {
        String scheme = SCHEMES.stream()
                .filter(known -> url.regionMatches(true, 0, known, 0, known.length()))
                .findFirst()
                .orElseThrow(() -> refusal("it begins with \"" + beginning() + "\" instead of postgresql://"));
        String rest = url.substring(scheme.length());
        int question = question(rest);
        String query = question < 0 ? "" : rest.substring(question + 1);
        String address = question < 0 ? rest : rest.substring(0, question);
        // A password may hold any of these characters as it is; the last @ ends it.
        int at = address.lastIndexOf('@');
        String place = address.substring(at + 1);
        int slash = place.indexOf('/');
        String database = slash < 0 ? "" : decoded(place.substring(slash + 1), "the database");
        if (database.isEmpty() || database.indexOf('/') >= 0) {
            throw refusal("it names no database behind the host");
        }
        String hosts = hosts(slash < 0 ? place : place.substring(0, slash));
        String who = at < 0 ? "" : address.substring(0, at);
        int colon = who.indexOf(':');
        Map<String, String> found = parameters(query);
        String user = first(
                decoded(colon < 0 ? who : who.substring(0, colon), "the user"),
                found.remove("user"),
                environment.get("PGUSER"),
                System.getProperty("user.name"));
        String password = first(
                colon < 0 ? "" : decoded(who.substring(colon + 1), "the password"),
                found.remove("password"),
                environment.get("QUICKDROP_DATABASE_PASSWORD"),
                environment.get("PGPASSWORD"));
        refusePooler(hosts);
        return new PostgresSettings(hosts, database, user, password, found);
    }

    /** The first question mark behind a host and a database; a password before them may have one. -1 if there is none. */
    private static int question(String rest) {
        for (int mark = rest.indexOf('?'); mark >= 0; mark = rest.indexOf('?', mark + 1)) {
            String address = rest.substring(0, mark);
            if (address.substring(address.lastIndexOf('@') + 1).matches("[^/]*/[^/]*")) {
                return mark;
            }
        }
        return -1;
    }

    private String hosts(String written) {
        List<String> found = new ArrayList<>();
        for (String one : written.split(",", -1)) {
            int colon = one.endsWith("]") ? -1 : one.lastIndexOf(':');
            String host = colon < 0 ? one : one.substring(0, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            if (host.isEmpty() || (host.indexOf(':') >= 0 && !bracketed)) {
                throw refusal("it names no host that can be read; an IPv6 address stands in brackets, and / @ # in a"
                        + " password are written %2F %40 %23");
            }
            found.add(host + ":" + (colon < 0 ? DEFAULT_PORT : port(one.substring(colon + 1))));
        }
        return String.join(",", found);
    }

    private int port(String written) {
        if (written.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(written);
            if (port >= 1 && port <= MAX_PORT) {
                return port;
            }
        }
        // Not shown: where a password has odd characters, this is a piece of it.
        throw refusal("its port is no number from 1 to " + MAX_PORT);
    }

    private Map<String, String> parameters(String query) {
        Map<String, String> found = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals), "a parameter");
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), "the parameter " + name);
            String key = name.toLowerCase(Locale.ROOT);
            String known = PARAMETERS.get(key);
            if (key.equals("user") || key.equals("password")) {
                found.put(key, value);
            } else if (key.equals("pgbouncer") && value.equalsIgnoreCase("true")) {
                throw pooler("pgbouncer=true names a pooler");
            } else if (known != null) {
                found.put(known, value);
            } else if (!IGNORED.contains(key)) {
                throw refusal("the parameter \"" + name + "\" is unknown: allowed are "
                        + String.join(", ", new TreeSet<>(PARAMETERS.keySet())));
            }
        }
        String target = found.get("targetServerType");
        if ("read-write".equals(target)) {
            found.put("targetServerType", "primary");
        }
        if ("system".equals(found.get("sslrootcert"))) {
            found.remove("sslrootcert");
            found.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        return found;
    }

    private void refusePooler(String hosts) {
        if (hosts.endsWith(".pooler.supabase.com:" + SUPABASE_POOLER_PORT)
                || (hosts.contains(".supabase.") && hosts.endsWith(":" + SUPABASE_POOLER_PORT))) {
            throw pooler("port " + SUPABASE_POOLER_PORT + " of Supabase is its pooler in transaction mode");
        }
    }

    /** Words for a pooler that lends a session for one transaction only. */
    static String poolerAdvice() {
        return "a pooler in transaction mode can't carry LISTEN, which wakes the instances: use the direct connection"
                + " (Supabase: Connect, Direct connection, db.<project>.supabase.co:5432, or the session pooler's port"
                + " 5432)";
    }

    private IllegalArgumentException pooler(String found) {
        return refusal(found + ", and " + poolerAdvice());
    }

    private IllegalArgumentException refusal(String found) {
        return new IllegalArgumentException("the database's address can't be used: " + found + "; " + ALLOWED);
    }

    /** What may be shown of an address that is none. */
    private String beginning() {
        int colon = url.indexOf("://");
        return colon > 0 && colon < 24 ? url.substring(0, colon + 3) : "";
    }

    private String decoded(String written, String what) {
        try {
            // A plus is a plus in an address; URLDecoder is for forms.
            return URLDecoder.decode(written.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw refusal(what + " has a % that is not followed by two hex digits; a % itself is written %25");
        }
    }

    private static String first(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }
}
