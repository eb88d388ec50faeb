package com.example.sync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.SearchControls;
import javax.naming.ldap.Rdn;
import org.springframework.ldap.support.LdapEncoder;

public class DirectorySync {
    private DirContext directory;

    void fromRows(ResultSet rows) throws SQLException, NamingException {
        while (rows.next()) {
            // ruleid: java.injection.ldap-from-external-data
            directory.search("ou=people", "(cn=" + rows.getString("name") + ")", new SearchControls());
            // ok: java.injection.ldap-from-external-data
            directory.search("ou=people", "(employeeNumber=" + rows.getInt("number") + ")", new SearchControls());
        }
    }

    void fromPeer(Socket peer) throws IOException, NamingException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(peer.getInputStream()));
        lookUp(reader.readLine());
    }

    private void lookUp(String uid) throws NamingException {
        String filter = String.format("(uid=%s)", uid);
        // ruleid: java.injection.ldap-from-external-data
        directory.search("ou=people", filter, new SearchControls());
    }

    void fromEnvironment() throws NamingException {
        // ruleid: java.injection.ldap-from-external-data
        directory.search("ou=" + System.getenv("UNIT"), "(objectclass=*)", new SearchControls());
    }

    void fromSettings(Properties settings) throws NamingException {
        // ok: java.injection.ldap-from-external-data
        directory.search(settings.getProperty("ldap.base"), "(objectclass=*)", new SearchControls());
    }

    void escaped(ResultSet rows) throws SQLException, NamingException {
        String name = LdapEncoder.filterEncode(rows.getString("name"));
        // ok: java.injection.ldap-from-external-data
        directory.search("ou=people", "(cn=" + name + ")", new SearchControls());
        String unit = Rdn.escapeValue(rows.getString("unit"));
        // ok: java.injection.ldap-from-external-data
        directory.search("ou=" + unit, "(objectclass=*)", new SearchControls());
    }
}
