import tseslint from 'typescript-eslint';

export default tseslint.config({ ignores: ['dist/', 'build-test/'] }, ...tseslint.configs.recommended);
