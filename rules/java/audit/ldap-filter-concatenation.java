package com.example.directory;

import javax.naming.directory.DirContext;
import javax.naming.directory.SearchControls;
import javax.naming.ldap.LdapContext;
import org.springframework.ldap.support.LdapEncoder;

public class Directory {
    private static final String BASE = "ou=people,dc=example,dc=com";

    Object concat(DirContext context, String uid, SearchControls controls) throws Exception {
        // ruleid: java.audit.ldap-filter-concatenation
        return context.search(BASE, "(&(objectClass=person)(uid=" + uid + "))", controls);
    }

    Object variable(LdapContext context, String mail, SearchControls controls) throws Exception {
        String filter = "(mail=" + mail + ")";
        // ruleid: java.audit.ldap-filter-concatenation
        return context.search(BASE, filter, controls);
    }

    Object format(DirContext context, String uid, SearchControls controls) throws Exception {
        // ruleid: java.audit.ldap-filter-concatenation
        return context.search(BASE, String.format("(uid=%s)", uid), controls);
    }

    Object arguments(DirContext context, String uid, SearchControls controls) throws Exception {
        // ok: java.audit.ldap-filter-concatenation
        return context.search(BASE, "(uid={0})", new Object[] {uid}, controls);
    }

    Object encoded(DirContext context, String uid, SearchControls controls) throws Exception {
        // ok: java.audit.ldap-filter-concatenation
        return context.search(BASE, "(uid=" + LdapEncoder.filterEncode(uid) + ")", controls);
    }

    Object constant(DirContext context, SearchControls controls) throws Exception {
        String filter = "(objectClass=" + "person" + ")";
        // ok: java.audit.ldap-filter-concatenation
        return context.search(BASE, filter, controls);
    }

    Object index(SearchIndex index, String term) {
        // ok: java.audit.ldap-filter-concatenation
        return index.search("title", "q=" + term);
    }
}
