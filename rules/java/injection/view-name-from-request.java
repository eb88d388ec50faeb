package com.example.pages;

import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.ModelAndView;

@Controller
class PageController {
    private static final Set<String> PAGES = Set.of("about", "contact");

    @GetMapping("/welcome")
    public String welcome(@RequestParam String lang) {
        // ruleid: java.injection.view-name-from-request
        return "user/" + lang + "/welcome";
    }

    @GetMapping("/page/{name}")
    public ModelAndView page(@PathVariable String name) {
        // ruleid: java.injection.view-name-from-request
        return new ModelAndView("pages/" + name);
    }

    @GetMapping("/section")
    public ModelAndView section(HttpServletRequest request) {
        return view(request.getParameter("section"));
    }

    private ModelAndView view(String name) {
        ModelAndView view = new ModelAndView();
        // ruleid: java.injection.view-name-from-request
        view.setViewName(name);
        return view;
    }

    @GetMapping("/hello")
    public String hello(@RequestParam String name, Model model) {
        model.addAttribute("name", name);
        // ok: java.injection.view-name-from-request
        return "hello";
    }

    @GetMapping("/text")
    @ResponseBody
    public String text(@RequestParam String name) {
        // ok: java.injection.view-name-from-request
        return "Hello " + name;
    }

    @GetMapping("/language")
    public String language(@RequestParam String lang) {
        // ok: java.injection.view-name-from-request
        return "de".equals(lang) ? "welcome_de" : "welcome";
    }

    @GetMapping("/year/{year}")
    public ModelAndView year(@PathVariable int year) {
        // ok: java.injection.view-name-from-request
        return new ModelAndView("archive/" + year);
    }
}
