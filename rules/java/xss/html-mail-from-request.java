package com.example.invite;

import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.servlet.http.HttpServletRequest;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

@RestController
class InviteController {
    private JavaMailSender sender;
    private Session session;

    @PostMapping("/invite")
    void invite(@RequestParam String name) throws MessagingException {
        MimeMessageHelper helper = new MimeMessageHelper(sender.createMimeMessage());
        // ruleid: java.xss.html-mail-from-request
        helper.setText("<p>" + name + " invites you</p>", true);
        // ok: java.xss.html-mail-from-request
        helper.setText("<p>" + HtmlUtils.htmlEscape(name) + " invites you</p>", true);
        // ok: java.xss.html-mail-from-request
        helper.setText(name + " invites you", false);
    }

    void contact(HttpServletRequest request) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        // ruleid: java.xss.html-mail-from-request
        message.setContent("<b>" + request.getParameter("text") + "</b>", "text/html; charset=utf-8");
        // ok: java.xss.html-mail-from-request
        message.setText(request.getParameter("text"));
        body(message, request.getParameter("note"));
    }

    private void body(MimeMessage message, String note) throws MessagingException {
        // ruleid: java.xss.html-mail-from-request
        message.setContent("<p>" + note + "</p>", "text/html");
    }

    void plain(HttpServletRequest request) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        // ok: java.xss.html-mail-from-request
        message.setContent(request.getParameter("text"), "text/plain");
    }
}
