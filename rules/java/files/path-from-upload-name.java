package com.example.uploads;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.UUID;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.Part;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
class UploadController {
    private final Path folder = Paths.get("/srv/uploads");

    @PostMapping("/upload")
    void upload(@RequestParam("file") MultipartFile file) throws IOException {
        // ruleid: java.files.path-from-upload-name
        file.transferTo(new File("/srv/uploads/" + file.getOriginalFilename()));
    }

    @PostMapping("/upload2")
    void copy(@RequestParam("file") MultipartFile file) throws IOException {
        String name = StringUtils.cleanPath(file.getOriginalFilename());
        // ruleid: java.files.path-from-upload-name
        Files.copy(file.getInputStream(), folder.resolve(name));
    }

    @PostMapping("/upload3")
    void store(@RequestParam("file") MultipartFile file) throws IOException {
        Files.write(target(file.getOriginalFilename()), file.getBytes());
    }

    private Path target(String name) {
        // ruleid: java.files.path-from-upload-name
        return Paths.get("/srv/uploads", name);
    }

    @PostMapping("/safe")
    void safe(@RequestParam("file") MultipartFile file) throws IOException {
        // ok: java.files.path-from-upload-name
        file.transferTo(folder.resolve(UUID.randomUUID() + ".png"));
        // ok: java.files.path-from-upload-name
        Files.copy(file.getInputStream(), folder.resolve(StringUtils.getFilename(file.getOriginalFilename())));
    }

    @PostMapping("/checked")
    void checked(@RequestParam("file") MultipartFile file) throws IOException {
        String name = file.getOriginalFilename();
        if (name == null || name.contains("..")) {
            throw new IOException("name");
        }
        // ok: java.files.path-from-upload-name
        file.transferTo(folder.resolve(name));
    }
}

class UploadServlet extends HttpServlet {
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        Part part = request.getPart("file");
        // ruleid: java.files.path-from-upload-name
        part.write("/srv/uploads/" + part.getSubmittedFileName());
        // ok: java.files.path-from-upload-name
        part.write("/srv/uploads/" + UUID.randomUUID());
    }
}
