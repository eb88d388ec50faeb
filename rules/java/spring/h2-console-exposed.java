package com.example.security;

import org.h2.server.web.JakartaWebServlet;
import org.springframework.boot.autoconfigure.security.servlet.PathRequest;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;

public class ConsoleConfig {
    void open(HttpSecurity http) throws Exception {
        // ruleid: java.spring.h2-console-exposed
        http.authorizeRequests().antMatchers("/", "/h2-console/**").permitAll().anyRequest().authenticated();
    }

    void lambda(HttpSecurity http) throws Exception {
        // ruleid: java.spring.h2-console-exposed
        http.authorizeHttpRequests(auth -> auth.requestMatchers(PathRequest.toH2Console()).permitAll());
    }

    @Bean
    ServletRegistrationBean<JakartaWebServlet> servlet() {
        // ruleid: java.spring.h2-console-exposed
        return new ServletRegistrationBean<>(new JakartaWebServlet(), "/h2-console/*");
    }

    void server() throws Exception {
        // ruleid: java.spring.h2-console-exposed
        org.h2.tools.Server.createTcpServer("-tcp", "-tcpAllowOthers", "-tcpPort", "9092").start();
    }

    @Bean
    @Profile("dev")
    ServletRegistrationBean<JakartaWebServlet> development() {
        // ok: java.spring.h2-console-exposed
        return new ServletRegistrationBean<>(new JakartaWebServlet(), "/h2-console/*");
    }

    void restricted(HttpSecurity http) throws Exception {
        // ok: java.spring.h2-console-exposed
        http.authorizeRequests().antMatchers("/h2-console/**").hasRole("DBA");
    }

    void localServer() throws Exception {
        // ok: java.spring.h2-console-exposed
        org.h2.tools.Server.createTcpServer("-tcp", "-tcpPort", "9092").start();
    }
}
