package com.example.users;

import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.annotations.Insert;

@Mapper
interface UserMapper {
    // ruleid: java.injection.mybatis-text-substitution
    @Select("SELECT * FROM users WHERE name = '${name}'")
    User byName(@Param("name") String name);

    // ruleid: java.injection.mybatis-text-substitution
    @Select({"SELECT * FROM users", "ORDER BY ${column}"})
    List<User> sorted(@Param("column") String column);

    // ruleid: java.injection.mybatis-text-substitution
    @Delete("DELETE FROM ${table} WHERE id = #{id}")
    void delete(@Param("table") String table, @Param("id") long id);

    // ruleid: java.injection.mybatis-text-substitution
    @Update("UPDATE users SET name = #{name} " + "WHERE role = ${role}")
    void rename(@Param("name") String name, @Param("role") String role);

    // ok: java.injection.mybatis-text-substitution
    @Select("SELECT * FROM users WHERE name = #{name}")
    User safe(@Param("name") String name);

    // ok: java.injection.mybatis-text-substitution
    @Insert({"INSERT INTO users (name)", "VALUES (#{name})"})
    void insert(User user);

    // ok: java.injection.mybatis-text-substitution
    @Select("SELECT * FROM users ${ew.customSqlSegment}")
    List<User> where(@Param("ew") Object wrapper);
}

class User {
    String name;
}
