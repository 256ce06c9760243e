import com.intersystems.jdbc.IRISConnection;
import java.sql.*;
import java.util.Properties;

/** The vendor's two-factor calls and its access token: PORT token TOKEN | PORT USER PASSWORD [CODE]; code ? is read from standard input after the
 * driver has asked whether one is due. Prints "key=value" lines. */
public class JdbcFactor {
    static void show(String key, Object value) { System.out.println(key + "=" + value); }

    static String text(SQLException failed) {
        return failed.getErrorCode() + " " + failed.getMessage().replace("\r", " ").replace("\n", " ");
    }

    static void query(Connection db) {
        try (Statement st = db.createStatement(); ResultSet rows = st.executeQuery("SELECT 42")) {
            rows.next();
            show("query", rows.getInt(1));
        } catch (SQLException failed) {
            show("query", text(failed));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Class.forName("com.intersystems.jdbc.IRISDriver");
        Properties properties = new Properties();
        if (arguments[1].equals("token")) {
            properties.setProperty("AccessToken", arguments[2]);
        } else {
            properties.setProperty("user", arguments[1]);
            properties.setProperty("password", arguments[2]);
        }
        Connection db;
        try {
            db = DriverManager.getConnection("jdbc:IRIS://127.0.0.1:" + arguments[0] + "/USER", properties);
        } catch (SQLException failed) {
            show("login", text(failed));
            return;
        }
        show("login", "ok");
        IRISConnection own = (IRISConnection) db;
        if (arguments[1].equals("token") || arguments.length > 3) show("enabled", own.isTwoFactorEnabled());
        if (arguments.length > 3) {
            try {
                String code = arguments[3];
                if (code.equals("?")) code = new java.io.BufferedReader(new java.io.InputStreamReader(System.in)).readLine();
                own.sendTwoFactorToken(code);
                show("code", "ok");
            } catch (SQLException failed) {
                show("code", text(failed));
                return;
            }
        }
        query(db);
        try {
            db.close();
        } catch (SQLException ignored) {
            // a refused connection is gone already
        }
    }
}
