import java.math.BigDecimal;
import java.sql.*;
import java.util.Properties;

/** Runs the vendor's JDBC driver, unmodified, against the sandbox. Prints "key=value" lines. */
public class JdbcClient {
    static String url;

    static Connection connect(String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "demo");
        properties.setProperty("password", password);
        return DriverManager.getConnection(url, properties);
    }

    interface Work { void run() throws SQLException; }

    static void error(String key, Work work) {
        try {
            work.run();
            System.out.println(key + "=none");
        } catch (SQLException failed) {
            System.out.println(key + "=" + failed.getErrorCode() + " " + failed.getMessage().replace("\r", " ").replace("\n", " "));
        }
    }

    static void show(String key, ResultSet rows) throws SQLException {
        StringBuilder text = new StringBuilder();
        int width = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            if (text.length() > 0) text.append('|');
            for (int i = 1; i <= width; i++) {
                if (i > 1) text.append(',');
                String value = rows.getString(i);
                text.append(rows.wasNull() ? "NULL" : "'" + value + "'");
            }
        }
        rows.close();
        System.out.println(key + "=" + text);
    }

    public static void main(String[] arguments) throws Exception {
        System.setOut(new java.io.PrintStream(System.out, true, "UTF-8"));
        url = "jdbc:IRIS://127.0.0.1:" + arguments[0] + "/USER";
        Class.forName("com.intersystems.jdbc.IRISDriver");
        error("refused", () -> connect("wrong").close());
        Connection db = connect("DemoPass1");
        Statement st = db.createStatement();
        st.executeUpdate("DROP TABLE IF EXISTS VendorJ.T");
        st.executeUpdate("CREATE TABLE VendorJ.T (id IDENTITY, i INTEGER, big BIGINT, n NUMERIC(18,4), d DOUBLE, v VARCHAR(100000), "
            + "dt DATE, tm TIME, ts TIMESTAMP, flag BIT, k INTEGER UNIQUE, l LONGVARCHAR)");
        show("literals", st.executeQuery("SELECT 1, 'it''s', NULL, ''"));
        PreparedStatement insert = db.prepareStatement(
            "INSERT INTO VendorJ.T (i, big, n, d, v, dt, tm, ts, flag) VALUES (?,?,?,?,?,?,?,?,?)", Statement.RETURN_GENERATED_KEYS);
        insert.setInt(1, 7);
        insert.setLong(2, Long.MAX_VALUE);
        insert.setBigDecimal(3, new BigDecimal("12345.6789"));
        insert.setDouble(4, 0.1);
        insert.setString(5, "Zo\u00EB \uD83D\uDE00");
        insert.setDate(6, Date.valueOf("2024-02-29"));
        insert.setTime(7, Time.valueOf("10:20:30"));
        insert.setTimestamp(8, Timestamp.valueOf("2024-02-29 10:20:30.5"));
        insert.setBoolean(9, true);
        insert.executeUpdate();
        ResultSet keys = insert.getGeneratedKeys();
        System.out.println("key=" + (keys.next() ? keys.getLong(1) : -1));
        insert.setInt(1, -7);
        insert.setLong(2, Long.MIN_VALUE);
        insert.setBigDecimal(3, new BigDecimal("-0.0001"));
        insert.setDouble(4, -2.5e300);
        insert.setString(5, "");
        for (int i = 6; i <= 8; i++) insert.setNull(i, Types.VARCHAR);
        insert.setBoolean(9, false);
        insert.executeUpdate();
        ResultSet one = st.executeQuery("SELECT i, big, n, d, v, dt, tm, ts, flag FROM VendorJ.T ORDER BY id");
        one.next();
        System.out.println("typed=" + one.getInt(1) + " " + one.getLong(2) + " " + one.getBigDecimal(3) + " " + one.getDouble(4) + " "
            + one.getString(5) + " " + one.getDate(6) + " " + one.getTime(7) + " " + one.getTimestamp(8) + " " + one.getBoolean(9));
        one.next();
        System.out.println("second=" + one.getInt(1) + " " + one.getLong(2) + " " + one.getBigDecimal(3) + " " + one.getDouble(4) + " '"
            + one.getString(5) + "' " + one.getDate(6) + " " + one.getTimestamp(8) + " " + one.getBoolean(9));
        one.close();
        String longText = "\u00E4".repeat(70000);
        PreparedStatement text = db.prepareStatement("INSERT INTO VendorJ.T (v) VALUES (?)");
        text.setString(1, longText);
        text.executeUpdate();
        ResultSet back = st.executeQuery("SELECT v FROM VendorJ.T WHERE LENGTH(v) > 1000");
        back.next();
        System.out.println("long=" + back.getString(1).equals(longText));
        back.close();
        PreparedStatement stream = db.prepareStatement("INSERT INTO VendorJ.T (l) VALUES (?)");
        stream.setString(1, longText + "\uD83D\uDE00");
        stream.executeUpdate();
        back = st.executeQuery("SELECT l FROM VendorJ.T WHERE l IS NOT NULL");
        back.next();
        System.out.println("stream=" + back.getString(1).equals(longText + "\uD83D\uDE00"));
        back.close();
        PreparedStatement query = db.prepareStatement("SELECT i FROM VendorJ.T WHERE i > ? AND v = ?");
        query.setInt(1, 0);
        query.setString(2, "zo\u00EB \uD83D\uDE00");
        show("parameters", query.executeQuery());
        st.executeUpdate("DELETE FROM VendorJ.T");
        PreparedStatement batch = db.prepareStatement("INSERT INTO VendorJ.T (i, v) VALUES (?, ?)");
        for (int n = 0; n < 500; n++) {
            batch.setInt(1, n);
            batch.setString(2, "row " + n);
            batch.addBatch();
        }
        System.out.println("batch counts=" + batch.executeBatch().length);
        show("batch", st.executeQuery("SELECT COUNT(*), SUM(i), MIN(v), MAX(i) FROM VendorJ.T"));

        Connection other = connect("DemoPass1");
        Statement look = other.createStatement();
        db.setAutoCommit(false);
        st.executeUpdate("DELETE FROM VendorJ.T WHERE i >= 250");
        show("uncommitted", look.executeQuery("SELECT COUNT(*) FROM VendorJ.T"));
        db.rollback();
        show("rolled back", look.executeQuery("SELECT COUNT(*) FROM VendorJ.T"));
        st.executeUpdate("DELETE FROM VendorJ.T WHERE i >= 400");
        db.commit();
        show("committed", look.executeQuery("SELECT COUNT(*) FROM VendorJ.T"));
        db.setAutoCommit(true);
        other.close();

        error("syntax error", () -> st.executeQuery("SELECT 1 1").close());
        error("missing table", () -> st.executeQuery("SELECT * FROM VendorJ.Nothing").close());
        st.executeUpdate("INSERT INTO VendorJ.T (k) VALUES (1)");
        error("duplicate", () -> st.executeUpdate("INSERT INTO VendorJ.T (k) VALUES (1)"));
        PreparedStatement again = db.prepareStatement("SELECT i FROM VendorJ.T WHERE i = ?");
        long sum = 0;
        for (int n = 0; n < 50; n++) {
            again.setInt(1, n);
            ResultSet rows = again.executeQuery();
            rows.next();
            sum += rows.getInt(1);
            rows.close();
        }
        System.out.println("again=" + sum);
        st.executeUpdate("DROP TABLE IF EXISTS VendorJ.Ten");
        st.executeUpdate("CREATE TABLE VendorJ.Ten (n INTEGER)");
        for (int n = 0; n < 10; n++) st.executeUpdate("INSERT INTO VendorJ.Ten VALUES (" + n + ")");
        ResultSet many = st.executeQuery("SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS n, 'text' FROM VendorJ.Ten a, "
            + "VendorJ.Ten b, VendorJ.Ten c, VendorJ.Ten d, VendorJ.Ten e");
        long count = 0;
        long total = 0;
        while (many.next()) {
            count++;
            total += many.getLong(1);
        }
        many.close();
        System.out.println("fetch=" + count + " " + total);
        ResultSet tables = db.getMetaData().getTables(null, "VendorJ", "%", null);
        StringBuilder names = new StringBuilder();
        while (tables.next()) names.append(tables.getString("TABLE_NAME")).append(' ');
        System.out.println("tables=" + names.toString().trim());
        Statement scroll = db.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
        ResultSet rows = scroll.executeQuery("SELECT n FROM VendorJ.Ten ORDER BY n");
        rows.last();
        int last = rows.getInt(1);
        rows.absolute(3);
        System.out.println("scroll=" + last + " " + rows.getInt(1));
        rows.close();
        db.close();
        System.out.println("end=ok");
    }
}
