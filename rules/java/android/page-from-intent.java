package com.example.browser;

import android.app.Activity;
import android.net.Uri;
import android.os.Bundle;
import android.webkit.WebView;
import java.util.Set;

public class BrowserActivity extends Activity {
    private static final Set<String> HOSTS = Set.of("www.example.com");
    private WebView web;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        // ruleid: java.android.page-from-intent
        web.loadUrl(getIntent().getStringExtra("url"));
        // ruleid: java.android.page-from-intent
        web.evaluateJavascript("show('" + getIntent().getStringExtra("name") + "')", null);
        open(getIntent().getDataString());
    }

    private void open(String address) {
        // ruleid: java.android.page-from-intent
        web.loadUrl(address);
    }

    @Override
    protected void onResume() {
        super.onResume();
        // ok: java.android.page-from-intent
        web.loadUrl("https://www.example.com/items/" + getIntent().getStringExtra("item"));
        // ok: java.android.page-from-intent
        web.loadUrl("https://www.example.com/");
        Uri uri = getIntent().getData();
        if ("https".equals(uri.getScheme()) && HOSTS.contains(uri.getHost())) {
            // ok: java.android.page-from-intent
            web.loadUrl(uri.toString());
        }
    }
}
