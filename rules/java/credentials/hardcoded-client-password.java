package com.example.clients;

import com.jcraft.jsch.Session;
import java.io.InputStream;
import java.net.PasswordAuthentication;
import java.security.KeyStore;
import java.util.Hashtable;
import javax.naming.Context;
import okhttp3.Credentials;

public class RemoteClients {
    private static final String SECRET = "example-password-for-tests";

    PasswordAuthentication proxy() {
        // ruleid: java.credentials.hardcoded-client-password
        return new PasswordAuthentication("proxy", "example-password-for-tests".toCharArray());
    }

    void ssh(Session session) {
        // ruleid: java.credentials.hardcoded-client-password
        session.setPassword("example-password-for-tests");
    }

    String basic() {
        // ruleid: java.credentials.hardcoded-client-password
        return Credentials.basic("app", SECRET);
    }

    void ldap(Hashtable<String, String> env) {
        // ruleid: java.credentials.hardcoded-client-password
        env.put(Context.SECURITY_CREDENTIALS, "example-password-for-tests");
    }

    PasswordAuthentication prompt(String user, char[] password) {
        // ok: java.credentials.hardcoded-client-password
        return new PasswordAuthentication(user, password);
    }

    void sshFromEnvironment(Session session) {
        // ok: java.credentials.hardcoded-client-password
        session.setPassword(System.getenv("SSH_PASSWORD"));
    }

    void store(KeyStore store, InputStream in, char[] password) throws Exception {
        // ok: java.credentials.hardcoded-client-password
        store.load(in, password);
    }

    void ldapConfigured(Hashtable<String, String> env, Settings settings) {
        // ok: java.credentials.hardcoded-client-password
        env.put(Context.SECURITY_CREDENTIALS, settings.ldapPassword());
    }
}
