package com.example.security;

import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

public class SecurityConfig {
    @Bean
    SecurityFilterChain old(HttpSecurity http) throws Exception {
        // ruleid: java.spring.csrf-disabled
        http.csrf().disable()
            .authorizeRequests().anyRequest().authenticated()
            .and().formLogin();
        return http.build();
    }

    @Bean
    SecurityFilterChain lambda(HttpSecurity http) throws Exception {
        // ruleid: java.spring.csrf-disabled
        http.csrf(csrf -> csrf.disable()).formLogin(form -> form.loginPage("/login"));
        return http.build();
    }

    @Bean
    SecurityFilterChain reference(HttpSecurity http) throws Exception {
        // ruleid: java.spring.csrf-disabled
        return http.csrf(AbstractHttpConfigurer::disable).build();
    }

    @Bean
    SecurityFilterChain stateless(HttpSecurity http) throws Exception {
        // ok: java.spring.csrf-disabled
        http.csrf(AbstractHttpConfigurer::disable);
        http.sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        return http.build();
    }

    @Bean
    SecurityFilterChain statelessChain(HttpSecurity http) throws Exception {
        // ok: java.spring.csrf-disabled
        return http.csrf(csrf -> csrf.disable())
            .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
            .build();
    }

    @Bean
    SecurityFilterChain exemption(HttpSecurity http) throws Exception {
        // ok: java.spring.csrf-disabled
        http.csrf(csrf -> csrf.ignoringRequestMatchers("/webhooks/**"));
        return http.build();
    }

    void unrelated(HttpSecurity http) throws Exception {
        // ok: java.spring.csrf-disabled
        http.httpBasic(AbstractHttpConfigurer::disable);
    }
}
