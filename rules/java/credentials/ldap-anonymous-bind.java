package com.example.directory;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.directory.InitialDirContext;
import org.springframework.ldap.core.support.LdapContextSource;

public class Binding {
    InitialDirContext anonymous(Hashtable<String, String> env) throws Exception {
        // ruleid: java.credentials.ldap-anonymous-bind
        env.put(Context.SECURITY_AUTHENTICATION, "none");
        return new InitialDirContext(env);
    }

    void literal(Hashtable<String, String> env) {
        // ruleid: java.credentials.ldap-anonymous-bind
        env.put("java.naming.security.authentication", "none");
    }

    LdapContextSource source() {
        LdapContextSource source = new LdapContextSource();
        // ruleid: java.credentials.ldap-anonymous-bind
        source.setAnonymousReadOnly(true);
        return source;
    }

    InitialDirContext simple(Hashtable<String, String> env, String user, String password) throws Exception {
        // ok: java.credentials.ldap-anonymous-bind
        env.put(Context.SECURITY_AUTHENTICATION, "simple");
        env.put(Context.SECURITY_PRINCIPAL, user);
        env.put(Context.SECURITY_CREDENTIALS, password);
        return new InitialDirContext(env);
    }

    void referral(Hashtable<String, String> env) {
        // ok: java.credentials.ldap-anonymous-bind
        env.put(Context.REFERRAL, "none");
    }
}
