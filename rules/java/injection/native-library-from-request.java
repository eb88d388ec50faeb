package com.example.codecs;

import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class CodecServlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        // ruleid: java.injection.native-library-from-request
        System.loadLibrary(request.getParameter("codec"));
        // ruleid: java.injection.native-library-from-request
        System.load("/opt/codecs/" + request.getParameter("codec") + ".so");
        load(request.getHeader("X-Codec"));
    }

    private void load(String name) {
        // ruleid: java.injection.native-library-from-request
        Runtime.getRuntime().loadLibrary(name);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String codec = request.getParameter("codec");
        // ok: java.injection.native-library-from-request
        System.loadLibrary("codec");
        // ok: java.injection.native-library-from-request
        System.loadLibrary("fast".equals(codec) ? "codec_avx" : "codec");
        // ok: java.injection.native-library-from-request
        System.loadLibrary("codec" + Integer.parseInt(request.getParameter("version")));
    }
}
