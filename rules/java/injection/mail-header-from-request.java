package com.example.contact;

import javax.mail.Message;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class ContactServlet extends HttpServlet {
    private Session session;

    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        try {
            MimeMessage message = new MimeMessage(session);
            // ruleid: java.injection.mail-header-from-request
            message.setSubject("Contact: " + request.getParameter("subject"));
            // ruleid: java.injection.mail-header-from-request
            message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(request.getParameter("to")));
            tag(message, request.getParameter("campaign"));
        } catch (MessagingException e) {
            response.setStatus(500);
        }
    }

    private void tag(MimeMessage message, String campaign) throws MessagingException {
        // ruleid: java.injection.mail-header-from-request
        message.addHeader("X-Campaign", campaign);
    }

    void safe(HttpServletRequest request) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        // ok: java.injection.mail-header-from-request
        message.setSubject("Contact");
        // ok: java.injection.mail-header-from-request
        message.setText(request.getParameter("text"));
        // ok: java.injection.mail-header-from-request
        message.setSubject(request.getParameter("subject").replaceAll("[\\r\\n]", " "), "UTF-8");
        // ok: java.injection.mail-header-from-request
        message.setHeader("X-Priority", String.valueOf(Integer.parseInt(request.getParameter("priority"))));
        // ok: java.injection.mail-header-from-request
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(request.getParameter("to"), true));
    }
}
