package com.example.http;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import okhttp3.OkHttpClient;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;

public class Verifiers {
    void global() {
        // ruleid: java.tls.hostname-verification-disabled
        HttpsURLConnection.setDefaultHostnameVerifier((hostname, session) -> true);
    }

    void anonymous(HttpsURLConnection connection) {
        connection.setHostnameVerifier(new HostnameVerifier() {
            // ruleid: java.tls.hostname-verification-disabled
            @Override
            public boolean verify(String hostname, SSLSession session) {
                return true;
            }
        });
    }

    SSLConnectionSocketFactory apache(SSLContext context) {
        // ruleid: java.tls.hostname-verification-disabled
        return new SSLConnectionSocketFactory(context, NoopHostnameVerifier.INSTANCE);
    }

    OkHttpClient okhttp() {
        // ruleid: java.tls.hostname-verification-disabled
        return new OkHttpClient.Builder().hostnameVerifier((host, session) -> true).build();
    }

    void selected(HttpsURLConnection connection) {
        // ok: java.tls.hostname-verification-disabled
        connection.setHostnameVerifier((hostname, session) ->
            HttpsURLConnection.getDefaultHostnameVerifier().verify(hostname, session));
    }

    OkHttpClient plain() {
        // ok: java.tls.hostname-verification-disabled
        return new OkHttpClient.Builder().build();
    }

    static class Captcha {
        // ok: java.tls.hostname-verification-disabled
        public boolean verify(String answer, String expected) {
            return true;
        }
    }
}
