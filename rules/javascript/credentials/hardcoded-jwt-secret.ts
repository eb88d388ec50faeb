import { Module } from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';

export const jwtConstants = { secret: 'example-secret-for-tests' };

@Module({
  imports: [
    // ruleid: javascript.credentials.hardcoded-jwt-secret
    JwtModule.register({ secret: 'example-secret-for-tests', signOptions: { expiresIn: '60s' } }),
  ],
})
export class AuthModule {}

@Module({
  imports: [
    // todoruleid: javascript.credentials.hardcoded-jwt-secret
    JwtModule.register({ secret: jwtConstants.secret }),
    // ok: javascript.credentials.hardcoded-jwt-secret
    JwtModule.register({ secret: process.env.JWT_SECRET }),
  ],
})
export class OtherModule {}

export class Tokens {
  constructor(private readonly jwtService: JwtService) {}
  issue(payload: object) {
    // ruleid: javascript.credentials.hardcoded-jwt-secret
    return this.jwtService.signAsync(payload, { secret: 'example-secret-for-tests' });
  }
  issueWell(payload: object) {
    // ok: javascript.credentials.hardcoded-jwt-secret
    return this.jwtService.signAsync(payload, { secret: process.env.JWT_SECRET });
  }
}
