package com.example.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpRequest;
import java.util.Set;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.http.client.methods.HttpGet;
import org.jsoup.Jsoup;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

public class FetchServlet extends HttpServlet {
    private static final String API = "https://api.example.com";
    private static final Set<String> HOSTS = Set.of("https://a.example.com", "https://b.example.com");

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String address = request.getParameter("url");
        // ruleid: java.network.request-to-address-from-request
        try (InputStream in = new URL(address).openStream()) {
            in.transferTo(response.getOutputStream());
        }
        URL url = new URL("http://" + request.getParameter("host") + "/status");
        // ruleid: java.network.request-to-address-from-request
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.connect();
        // ruleid: java.network.request-to-address-from-request
        HttpGet get = new HttpGet(address);
        // ruleid: java.network.request-to-address-from-request
        Request ok = new Request.Builder().url(request.getHeader("X-Callback")).build();
        page(address);
    }

    private void page(String address) throws IOException {
        // ruleid: java.network.request-to-address-from-request
        Jsoup.connect(address).get();
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ok: java.network.request-to-address-from-request
        new URL("https://api.example.com/items/" + request.getParameter("id")).openStream();
        // ok: java.network.request-to-address-from-request
        Jsoup.connect(API + "/search?q=" + request.getParameter("q")).get();
        String address = request.getParameter("url");
        if (HOSTS.contains(address)) {
            // ok: java.network.request-to-address-from-request
            new URL(address).openStream();
        }
        // ok: java.network.request-to-address-from-request
        String host = new URL(address).getHost();
        // ok: java.network.request-to-address-from-request
        HttpRequest.newBuilder(URI.create("https://api.example.com/" + host));
    }
}

@RestController
class FetchController {
    private RestTemplate rest;
    private WebClient web;

    @GetMapping("/fetch")
    String fetch(@RequestParam String url) {
        // ruleid: java.network.request-to-address-from-request
        return rest.getForObject(url, String.class);
    }

    @GetMapping("/web")
    Object web(@RequestParam String url) {
        // ruleid: java.network.request-to-address-from-request
        return web.get().uri(url).retrieve();
    }

    @GetMapping("/item/{id}")
    String item(@PathVariable String id) {
        // ok: java.network.request-to-address-from-request
        return rest.getForObject("https://api.example.com/items/{id}", String.class, id);
    }
}
