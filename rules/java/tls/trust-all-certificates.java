package com.example.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.http.conn.ssl.TrustStrategy;
import org.apache.http.ssl.SSLContextBuilder;

public class Clients {
    SSLContext trustAll() throws Exception {
        TrustManager[] managers = new TrustManager[] {
            new X509TrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authType) {
                }

                // ruleid: java.tls.trust-all-certificates
                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType) {
                }

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return new X509Certificate[0];
                }
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }

    static class Lenient implements X509TrustManager {
        // ruleid: java.tls.trust-all-certificates
        public void checkServerTrusted(X509Certificate[] certs, String type) throws CertificateException {
            // accept
        }

        public void checkClientTrusted(X509Certificate[] certs, String type) throws CertificateException {
        }

        public X509Certificate[] getAcceptedIssuers() {
            return null;
        }
    }

    SSLContext apache() throws Exception {
        // ruleid: java.tls.trust-all-certificates
        return SSLContextBuilder.create().loadTrustMaterial(null, (chain, type) -> true).build();
    }

    SSLContext apacheVariable() throws Exception {
        // ruleid: java.tls.trust-all-certificates
        TrustStrategy all = (chain, type) -> true;
        return SSLContextBuilder.create().loadTrustMaterial(null, all).build();
    }

    SslContext netty() throws Exception {
        // ruleid: java.tls.trust-all-certificates
        return SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
    }

    static class Pinned implements X509TrustManager {
        private final X509TrustManager delegate;

        Pinned(X509TrustManager delegate) {
            this.delegate = delegate;
        }

        // ok: java.tls.trust-all-certificates
        public void checkServerTrusted(X509Certificate[] certs, String type) throws CertificateException {
            delegate.checkServerTrusted(certs, type);
        }

        // ok: java.tls.trust-all-certificates
        public void checkClientTrusted(X509Certificate[] certs, String type) throws CertificateException {
        }

        public X509Certificate[] getAcceptedIssuers() {
            return delegate.getAcceptedIssuers();
        }
    }

    SSLContext ownAuthority(KeyStore store) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        // ok: java.tls.trust-all-certificates
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    SSLContext selected(KeyStore store) throws Exception {
        // ok: java.tls.trust-all-certificates
        return SSLContextBuilder.create().loadTrustMaterial(store, (chain, type) -> chain.length == 1).build();
    }
}
