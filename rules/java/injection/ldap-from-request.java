package com.example.people;

import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.servlet.http.HttpServletRequest;
import org.owasp.esapi.ESAPI;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.ldap.query.LdapQueryBuilder;
import org.springframework.ldap.support.LdapEncoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PeopleController {
    private DirContext directory;
    private LdapTemplate ldap;

    void byName(HttpServletRequest request) throws NamingException {
        String filter = "(&(objectclass=person)(uid=" + request.getParameter("uid") + "))";
        // ruleid: java.injection.ldap-from-request
        NamingEnumeration<SearchResult> found = directory.search("ou=people", filter, new SearchControls());
        found.close();
    }

    void base(HttpServletRequest request, InitialDirContext context) throws NamingException {
        String unit = request.getHeader("X-Unit");
        // ruleid: java.injection.ldap-from-request
        context.search("ou=" + unit + ",dc=example", "(objectclass=*)", new Object[0], new SearchControls());
    }

    @GetMapping("/people")
    Object people(@RequestParam String mail) {
        return find("(mail=" + mail + ")");
    }

    private Object find(String filter) {
        // ruleid: java.injection.ldap-from-request
        return ldap.search("", filter, (Object attributes) -> attributes);
    }

    void argument(HttpServletRequest request) throws NamingException {
        Object[] values = {request.getParameter("uid")};
        // ok: java.injection.ldap-from-request
        directory.search("ou=people", "(uid={0})", values, new SearchControls());
    }

    void escaped(HttpServletRequest request) throws NamingException {
        String uid = LdapEncoder.filterEncode(request.getParameter("uid"));
        // ok: java.injection.ldap-from-request
        directory.search("ou=people", "(uid=" + uid + ")", new SearchControls());
        String cn = ESAPI.encoder().encodeForLDAP(request.getParameter("cn"));
        // ok: java.injection.ldap-from-request
        directory.search("ou=people", "(cn=" + cn + ")", new SearchControls());
    }

    void attributes(HttpServletRequest request) throws NamingException {
        // ok: java.injection.ldap-from-request
        directory.search("ou=people", new BasicAttributes("uid", request.getParameter("uid")));
    }

    @GetMapping("/safe")
    Object builder(@RequestParam String mail) {
        // ok: java.injection.ldap-from-request
        return ldap.search(LdapQueryBuilder.query().where("mail").is(mail), (Object attributes) -> attributes);
    }
}
