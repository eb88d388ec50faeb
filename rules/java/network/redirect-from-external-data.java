package com.example.links;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.servlet.http.HttpServletResponse;

public class Links {
    void stored(ResultSet row, HttpServletResponse response) throws SQLException, IOException {
        // ruleid: java.network.redirect-from-external-data
        response.sendRedirect(row.getString("target"));
    }

    void peer(Socket peer, HttpServletResponse response) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(peer.getInputStream()));
        leave(response, reader.readLine());
    }

    private void leave(HttpServletResponse response, String target) throws IOException {
        // ruleid: java.network.redirect-from-external-data
        response.setHeader("Location", target);
    }

    void built(ResultSet row, HttpServletResponse response) throws SQLException, IOException {
        // ruleid: java.network.redirect-from-external-data
        response.sendRedirect("https://" + row.getString("host") + "/");
    }

    void local(ResultSet row, HttpServletResponse response) throws SQLException, IOException {
        // ok: java.network.redirect-from-external-data
        response.sendRedirect("/items/" + row.getString("slug"));
        // ok: java.network.redirect-from-external-data
        response.sendRedirect("https://shop.example.com/" + row.getString("slug"));
        // ok: java.network.redirect-from-external-data
        response.sendRedirect("/items/" + row.getInt("id"));
    }
}
