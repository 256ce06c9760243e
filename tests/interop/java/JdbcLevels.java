import com.intersystems.jdbc.IRISConnection;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.sql.*;
import java.util.Properties;

/** Runs the vendor's JDBC driver, unmodified, once per line of standard input: key=value with tabs between. Keys with a @ are for this
 * program, all others are properties of the driver.
 *   @port       where to connect to on localhost
 *   @jaas       login configuration file from here on
 *   @ssl        TLS configuration file (com.intersystems.SSLConfigFile) from here on
 *   @code       the second factor
 *   @url        put behind the address, as it is
 *   @work       all: every kind of statement; cancel: an endless one that is stopped; otherwise one query
 * Answers "key=value" lines, and a full stop at the end of each case. */
public class JdbcLevels {
    static PrintStream out;

    static void show(String key, Object value) { out.println(key + "=" + value); }

    static String text(Throwable failed) {
        String all = failed.getMessage() + "";
        for (Throwable each = failed.getCause(); each != null; each = each.getCause()) all += " / " + each.getMessage();
        String code = failed instanceof SQLException ? ((SQLException) failed).getErrorCode() + " " : "";
        return code + all.replaceAll("\\s+", " ");
    }

    static void everything(Connection db) throws SQLException {
        try (Statement st = db.createStatement()) {
            try (ResultSet rows = st.executeQuery("SELECT 1, 'it''s', NULL, ''")) {
                rows.next();
                show("literals", rows.getInt(1) + " " + rows.getString(2) + " " + (rows.getString(3) == null ? "NULL" : "?") + " '" + rows.getString(4) + "'");
            }
            for (String each : new String[] {"T", "Ten"}) st.executeUpdate("DROP TABLE IF EXISTS LevelJ." + each);
            st.executeUpdate("CREATE TABLE LevelJ.T (i INTEGER, v VARCHAR(200000))");
            st.executeUpdate("CREATE TABLE LevelJ.Ten (n INTEGER)");
            // Neither Latin-1 nor one character like the next: nothing makes the message short.
            StringBuilder made = new StringBuilder();
            for (int i = 0; made.length() < 100000; i++) made.append((char) (0x3041 + i % 80));
            String longText = made.toString();
            try (PreparedStatement insert = db.prepareStatement("INSERT INTO LevelJ.T (i, v) VALUES (?, ?)")) {
                insert.setInt(1, 7);
                insert.setString(2, "Zo\u00EB \uD83D\uDE00");
                insert.executeUpdate();
                insert.setInt(1, 8);
                insert.setString(2, longText);
                insert.executeUpdate();
            }
            try (PreparedStatement query = db.prepareStatement("SELECT i, v FROM LevelJ.T WHERE i < ? AND v = ?")) {
                query.setInt(1, 8);
                query.setString(2, "Zo\u00EB \uD83D\uDE00");
                try (ResultSet rows = query.executeQuery()) {
                    rows.next();
                    show("parameters", rows.getInt(1) + " " + rows.getString(2));
                }
            }
            try (ResultSet rows = st.executeQuery("SELECT v FROM LevelJ.T WHERE i = 8")) {
                rows.next();
                show("long", rows.getString(1).equals(longText) ? "True" : "False");
            }
            // Beyond what the driver puts into one message, which is less at Kerberos levels 2 and 3.
            String stream = longText + longText + longText + "\uD83D\uDE00";
            st.executeUpdate("DROP TABLE IF EXISTS LevelJ.L");
            st.executeUpdate("CREATE TABLE LevelJ.L (l LONGVARCHAR)");
            try (PreparedStatement insert = db.prepareStatement("INSERT INTO LevelJ.L (l) VALUES (?)")) {
                insert.setCharacterStream(1, new StringReader(stream), stream.length());
                insert.executeUpdate();
            }
            try (ResultSet rows = st.executeQuery("SELECT l FROM LevelJ.L")) {
                rows.next();
                show("stream", rows.getString(1).equals(stream) ? "True" : "False");
            }
            st.executeUpdate("DELETE FROM LevelJ.T");
            try (PreparedStatement batch = db.prepareStatement("INSERT INTO LevelJ.T (i, v) VALUES (?, ?)")) {
                for (int n = 0; n < 2000; n++) {
                    batch.setInt(1, n);
                    batch.setString(2, longText.substring(n, n + 100));
                    batch.addBatch();
                }
                batch.executeBatch();
            }
            try (ResultSet rows = st.executeQuery("SELECT COUNT(*), SUM(i), SUM(LENGTH(v)) FROM LevelJ.T")) {
                rows.next();
                show("batch", rows.getLong(1) + " " + rows.getLong(2) + " " + rows.getLong(3));
            }
            for (int n = 0; n < 10; n++) st.executeUpdate("INSERT INTO LevelJ.Ten VALUES (" + n + ")");
            String from = " FROM LevelJ.Ten a, LevelJ.Ten b, LevelJ.Ten c, LevelJ.Ten d";
            try (ResultSet rows = st.executeQuery("SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n, 'text'" + from)) {
                long count = 0;
                long total = 0;
                while (rows.next()) {
                    count++;
                    total += rows.getLong(1);
                }
                show("fetch", count + " " + total);
            }
        }
    }

    /** From another thread, as a user's button does it; the driver opens a second connection for it. */
    static void cancelled(Connection db) throws Exception {
        try (Statement st = db.createStatement()) {
            st.executeUpdate("DROP TABLE IF EXISTS LevelJ.Ten");
            st.executeUpdate("CREATE TABLE LevelJ.Ten (n INTEGER)");
            for (int n = 0; n < 10; n++) st.executeUpdate("INSERT INTO LevelJ.Ten VALUES (" + n + ")");
            StringBuilder sql = new StringBuilder("SELECT COUNT(*) FROM LevelJ.Ten t0");
            for (int i = 1; i < 12; i++) sql.append(", LevelJ.Ten t" + i);
            sql.append(" WHERE t0.n < 0");
            for (int i = 1; i < 12; i++) sql.append(" OR t" + i + ".n < 0");
            boolean[] done = {false};
            Thread button = new Thread(() -> {
                while (!done[0]) {
                    try {
                        Thread.sleep(200);
                        st.cancel();
                    } catch (Exception failed) {
                        show("cancel", text(failed));
                        return;
                    }
                }
            });
            button.start();
            try {
                st.executeQuery(sql.toString()).close();
                show("endless", "came to an end");
            } catch (SQLException failed) {
                show("endless", text(failed));
            }
            done[0] = true;
            button.join();
            try (ResultSet rows = st.executeQuery("SELECT 42")) {
                rows.next();
                show("after", rows.getInt(1));
            }
        }
    }

    static void run(String line) throws Exception {
        Properties properties = new Properties();
        String port = null;
        String code = null;
        String work = "";
        String suffix = "";
        for (String each : line.split("\t")) {
            int at = each.indexOf('=');
            String key = each.substring(0, at);
            String value = each.substring(at + 1);
            switch (key) {
                case "@port": port = value; break;
                case "@code": code = value; break;
                case "@work": work = value; break;
                case "@url": suffix = value; break;
                case "@ssl": System.setProperty("com.intersystems.SSLConfigFile", value); break;
                case "@jaas":
                    System.setProperty("java.security.auth.login.config", value);
                    javax.security.auth.login.Configuration.setConfiguration(null);
                    break;
                default: properties.setProperty(key, value);
            }
        }
        try (Connection db = DriverManager.getConnection("jdbc:IRIS://localhost:" + port + "/USER" + suffix, properties)) {
            show("login", "ok");
            if (code != null) {
                IRISConnection own = (IRISConnection) db;
                show("enabled", own.isTwoFactorEnabled());
                try {
                    own.sendTwoFactorToken(code);
                    show("code", "ok");
                } catch (SQLException failed) {
                    show("code", text(failed));
                }
            }
            try (Statement st = db.createStatement(); ResultSet rows = st.executeQuery("SELECT $USERNAME")) {
                rows.next();
                show("user", rows.getString(1));
            } catch (SQLException failed) {
                show("user", text(failed));
                return;
            }
            if (work.equals("all")) {
                everything(db);
                show("end", "ok");
            } else if (work.equals("cancel")) {
                cancelled(db);
            }
        } catch (SQLException failed) {
            show("failed", text(failed));
        }
    }

    public static void main(String[] arguments) throws Exception {
        out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Class.forName("com.intersystems.jdbc.IRISDriver");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            run(line);
            out.println(".");
        }
    }
}
