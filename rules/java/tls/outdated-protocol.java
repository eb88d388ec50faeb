package com.example.http;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

public class Protocols {
    SSLContext old() throws Exception {
        // ruleid: java.tls.outdated-protocol
        return SSLContext.getInstance("SSLv3");
    }

    SSLContext tls10() throws Exception {
        // ruleid: java.tls.outdated-protocol
        SSLContext context = SSLContext.getInstance("TLSv1");
        context.init(null, null, null);
        return context;
    }

    void socket(SSLSocket socket) {
        // ruleid: java.tls.outdated-protocol
        socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.1"});
    }

    void property() {
        // ruleid: java.tls.outdated-protocol
        System.setProperty("https.protocols", "TLSv1,TLSv1.1,TLSv1.2");
    }

    SSLContext modern() throws Exception {
        // ok: java.tls.outdated-protocol
        return SSLContext.getInstance("TLSv1.3");
    }

    SSLContext generic() throws Exception {
        // ok: java.tls.outdated-protocol
        return SSLContext.getInstance("TLS");
    }

    void server(SSLServerSocket socket) {
        // ok: java.tls.outdated-protocol
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    }

    void mqtt(Options options) {
        // ok: java.tls.outdated-protocol
        options.setProtocol("mqtt-v5");
    }
}
