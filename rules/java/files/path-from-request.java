package com.example.downloads;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.commons.io.FilenameUtils;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

public class DownloadServlet extends HttpServlet {
    private static final String FOLDER = "/srv/files/";

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getParameter("file");
        // ruleid: java.files.path-from-request
        try (InputStream in = new FileInputStream(FOLDER + name)) {
            in.transferTo(response.getOutputStream());
        }
        // ruleid: java.files.path-from-request
        File file = new File(FOLDER, name);
        // ok: java.files.path-from-request
        try (InputStream in = new FileInputStream(file)) {
            in.transferTo(response.getOutputStream());
        }
        // ruleid: java.files.path-from-request
        byte[] bytes = Files.readAllBytes(Paths.get(FOLDER, request.getHeader("X-File")));
        response.getOutputStream().write(bytes);
        save(request.getParameter("target"));
    }

    private void save(String target) throws IOException {
        // ruleid: java.files.path-from-request
        try (FileOutputStream out = new FileOutputStream(FOLDER + target)) {
            out.write(1);
        }
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ok: java.files.path-from-request
        File last = new File(FOLDER, FilenameUtils.getName(request.getParameter("file")));
        // ok: java.files.path-from-request
        File numbered = new File(FOLDER + Integer.parseInt(request.getParameter("id")) + ".pdf");
        String name = request.getParameter("file");
        name = "terms.pdf";
        // ok: java.files.path-from-request
        File constant = new File(FOLDER, name);
        // ok: java.files.path-from-request
        File chosen = new File("en".equals(request.getParameter("lang")) ? "en.txt" : "de.txt");
    }
}

@RestController
class FileController {
    private Path folder;

    @GetMapping("/files/{name}")
    Resource file(@PathVariable String name) {
        // ruleid: java.files.path-from-request
        return new FileSystemResource("/srv/files/" + name);
    }

    @DeleteMapping("/files")
    void delete(@RequestParam String name) throws IOException {
        // ruleid: java.files.path-from-request
        Path file = folder.resolve(name);
        Files.delete(file);
    }

    @GetMapping("/checked")
    byte[] checked(@RequestParam String name) throws IOException {
        if (name.contains("..") || name.startsWith("/")) {
            throw new IllegalArgumentException("name");
        }
        // ok: java.files.path-from-request
        return Files.readAllBytes(folder.resolve(name));
    }

    @GetMapping("/images/{name}")
    byte[] image(@PathVariable String name) throws IOException {
        if (!name.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("name");
        }
        // ok: java.files.path-from-request
        return Files.readAllBytes(Paths.get("/srv/images", name + ".png"));
    }

    @GetMapping("/loose/{name}")
    byte[] loose(@PathVariable String name) throws IOException {
        if (!name.matches(".+")) {
            throw new IllegalArgumentException("name");
        }
        // ruleid: java.files.path-from-request
        return Files.readAllBytes(Paths.get("/srv/images", name));
    }
}
