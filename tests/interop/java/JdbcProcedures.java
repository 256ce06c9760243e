import java.math.BigDecimal;
import java.sql.*;
import java.util.Properties;

/** Stored procedures through the vendor's JDBC driver, unmodified. Prints "key=value" lines. argv: port. */
public class JdbcProcedures {
    interface Work { void run() throws SQLException; }

    static void error(String key, Work work) {
        try {
            work.run();
            System.out.println(key + "=none");
        } catch (SQLException failed) {
            System.out.println(key + "=" + failed.getErrorCode() + " " + failed.getMessage().replace("\r", " ").replace("\n", " "));
        }
    }

    static String rows(ResultSet rows) throws SQLException {
        StringBuilder text = new StringBuilder();
        int width = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            if (text.length() > 0) text.append('|');
            for (int i = 1; i <= width; i++) text.append(i > 1 ? "," : "").append(rows.getString(i));
        }
        rows.close();
        return text.toString();
    }

    public static void main(String[] arguments) throws Exception {
        System.setOut(new java.io.PrintStream(System.out, true, "UTF-8"));
        Class.forName("com.intersystems.jdbc.IRISDriver");
        Properties properties = new Properties();
        properties.setProperty("user", "demo");
        properties.setProperty("password", "DemoPass1");
        Connection db = DriverManager.getConnection("jdbc:IRIS://127.0.0.1:" + arguments[0] + "/USER", properties);
        Statement st = db.createStatement();
        st.executeUpdate("DROP SCHEMA IF EXISTS ProcJ CASCADE");
        st.executeUpdate("CREATE TABLE ProcJ.T (n INTEGER, v VARCHAR(20))");
        st.executeUpdate("CREATE PROCEDURE ProcJ.Mix(IN a INTEGER, INOUT b NUMERIC(10,2), OUT c VARCHAR(20)) RETURNS INTEGER "
            + "BEGIN SET b = b + a; SET c = 'got ' || a; RETURN a * 2; END");
        st.executeUpdate("CREATE PROCEDURE ProcJ.Put(IN n INTEGER, IN v VARCHAR(20)) BEGIN INSERT INTO ProcJ.T VALUES (:n, :v); END");
        st.executeUpdate("CREATE PROCEDURE ProcJ.One(IN low INTEGER, OUT most INTEGER) "
            + "BEGIN SET most = (SELECT MAX(n) FROM ProcJ.T); SELECT n, v FROM ProcJ.T WHERE n >= low ORDER BY n; END");
        st.executeUpdate("CREATE PROCEDURE ProcJ.Several(IN low INTEGER, OUT rest INTEGER) DYNAMIC RESULT SETS 2 "
            + "BEGIN SELECT n FROM ProcJ.T WHERE n < low ORDER BY n; SELECT v FROM ProcJ.T WHERE n >= low ORDER BY n; "
            + "SET rest = (SELECT COUNT(*) FROM ProcJ.T WHERE n >= low); END");

        CallableStatement mix = db.prepareCall("{? = call ProcJ.Mix(?, ?, ?)}");
        mix.registerOutParameter(1, Types.INTEGER);
        mix.setInt(2, 7);
        mix.setBigDecimal(3, new BigDecimal("1.25"));
        mix.registerOutParameter(3, Types.NUMERIC);
        mix.registerOutParameter(4, Types.VARCHAR);
        mix.execute();
        System.out.println("mix=" + mix.getInt(1) + " " + mix.getBigDecimal(3) + " " + mix.getString(4));
        mix.setInt(2, -1); // the same statement again
        mix.setBigDecimal(3, new BigDecimal("0"));
        mix.execute();
        System.out.println("again=" + mix.getInt(1) + " " + mix.getBigDecimal(3) + " " + mix.getString(4));
        mix.close();

        CallableStatement put = db.prepareCall("{call ProcJ.Put(?, ?)}");
        int changed = 0;
        for (int n = 1; n <= 4; n++) {
            put.setInt(1, n);
            put.setString(2, n == 3 ? "Zo\u00EB \uD83D\uDE00" : "row " + n);
            changed += put.executeUpdate();
        }
        put.close();
        CallableStatement literal = db.prepareCall("{call ProcJ.Put(5, 'it''s')}");
        changed += literal.executeUpdate();
        literal.close();
        System.out.println("put=" + changed);

        CallableStatement one = db.prepareCall("{call ProcJ.One(?, ?)}");
        one.setInt(1, 3);
        one.registerOutParameter(2, Types.INTEGER);
        String found = rows(one.executeQuery());
        System.out.println("one=" + found + " " + one.getInt(2));
        one.setInt(1, 99);
        System.out.println("empty=" + rows(one.executeQuery()) + " " + one.getInt(2));
        one.close();

        CallableStatement several = db.prepareCall("{call ProcJ.Several(?, ?)}");
        several.setInt(1, 3);
        several.registerOutParameter(2, Types.INTEGER);
        boolean rows = several.execute();
        StringBuilder all = new StringBuilder();
        while (rows) {
            all.append('[').append(rows(several.getResultSet())).append(']');
            rows = several.getMoreResults();
        }
        System.out.println("several=" + all + " " + several.getUpdateCount() + " " + several.getInt(2));
        several.close();

        error("missing", () -> db.prepareCall("{call ProcJ.Nothing(?)}").execute());
        error("too many", () -> {
            CallableStatement call = db.prepareCall("{call ProcJ.Put(1, 'a', 2)}");
            call.execute();
        });
        error("unfit", () -> {
            CallableStatement call = db.prepareCall("{call ProcJ.Put('one', 'a')}");
            call.execute();
        });
        DatabaseMetaData meta = db.getMetaData();
        ResultSet names = meta.getProcedures(null, "ProcJ", "%");
        StringBuilder text = new StringBuilder();
        while (names.next()) text.append(names.getString("PROCEDURE_NAME")).append(':').append(names.getInt("PROCEDURE_TYPE")).append(' ');
        System.out.println("procedures=" + text.toString().trim());
        ResultSet columns = meta.getProcedureColumns(null, "ProcJ", "Mix", "%");
        text.setLength(0);
        while (columns.next())
            text.append(columns.getString("COLUMN_NAME")).append(':').append(columns.getInt("COLUMN_TYPE")).append(':').append(columns.getInt("DATA_TYPE")).append(' ');
        System.out.println("columns=" + text.toString().trim());
        db.close();
        System.out.println("end=ok");
    }
}
