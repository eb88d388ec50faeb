package com.example.profile;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import org.apache.commons.beanutils.BeanUtils;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ProfileController {
    private final ObjectMapper mapper = new ObjectMapper();

    void save(HttpServletRequest request, User user) throws Exception {
        // ruleid: java.deserialization.mass-assignment-from-request
        BeanUtils.populate(user, request.getParameterMap());
    }

    @PatchMapping("/profile")
    User patch(@RequestBody Map<String, Object> changes) throws Exception {
        // ruleid: java.deserialization.mass-assignment-from-request
        return mapper.updateValue(load(), changes);
    }

    void header(HttpServletRequest request) throws Exception {
        set(load(), request.getHeader("X-Field"));
    }

    private void set(User user, String field) throws Exception {
        // ruleid: java.deserialization.mass-assignment-from-request
        BeanUtils.setProperty(user, field, "1");
    }

    void picked(HttpServletRequest request, User user) throws Exception {
        Map<String, Object> values = new HashMap<>();
        values.put("level", Integer.parseInt(request.getParameter("level")));
        // ok: java.deserialization.mass-assignment-from-request
        BeanUtils.populate(user, values);
        // ok: java.deserialization.mass-assignment-from-request
        BeanUtils.setProperty(user, "name", request.getParameter("name"));
        // ok: java.deserialization.mass-assignment-from-request
        user.name = request.getParameter("name");
    }

    private User load() {
        return new User();
    }
}

class User {
    String name;
    boolean admin;
}
