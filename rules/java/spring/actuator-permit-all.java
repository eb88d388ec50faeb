package com.example.security;

import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

public class ActuatorSecurity {
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        // ruleid: java.spring.actuator-permit-all
        http.authorizeHttpRequests(auth -> auth
            .requestMatchers("/public/**", "/actuator/**").permitAll()
            .anyRequest().authenticated());
        return http.build();
    }

    void old(HttpSecurity http) throws Exception {
        // ruleid: java.spring.actuator-permit-all
        http.authorizeRequests().antMatchers("/actuator/env").permitAll().anyRequest().authenticated();
    }

    void any(HttpSecurity http) throws Exception {
        // ruleid: java.spring.actuator-permit-all
        http.authorizeHttpRequests(auth -> auth.requestMatchers(EndpointRequest.toAnyEndpoint()).permitAll());
    }

    SecurityFilterChain health(HttpSecurity http) throws Exception {
        // ok: java.spring.actuator-permit-all
        http.authorizeHttpRequests(auth -> auth
            .requestMatchers("/actuator/health/**", "/actuator/info").permitAll()
            .requestMatchers("/actuator/**").hasRole("ADMIN"));
        return http.build();
    }

    void healthEndpoint(HttpSecurity http) throws Exception {
        // ok: java.spring.actuator-permit-all
        http.authorizeHttpRequests(auth -> auth.requestMatchers(EndpointRequest.to("health")).permitAll());
    }
}
